"""May we? The rules, one by one."""
