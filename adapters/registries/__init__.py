"""Copies of somebody else's do-not-call lists: kept for national size, looked up in the blink of an eye."""
