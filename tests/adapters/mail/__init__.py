"""E-mail: out over SMTP, back over two links."""
