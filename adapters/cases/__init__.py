"""Written cases: what is asked of the law in a file, and what it answers."""
