"""E-mail: out over SMTP, and back over the two links each message carries."""
