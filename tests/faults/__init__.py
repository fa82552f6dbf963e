"""One file for each fault that the dialer promises to survive; docs/reliability.md lists them."""
