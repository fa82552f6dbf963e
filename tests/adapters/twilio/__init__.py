"""Twilio: what leaves, and who may come in."""
