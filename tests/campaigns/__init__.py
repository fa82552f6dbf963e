"""Whom, what and how often."""
