"""Twilio, or whatever speaks its API: REST out, webhooks in, and no word of it beyond this door."""
