"""Measurements and the makers of what is measured; nothing here is part of the program."""
