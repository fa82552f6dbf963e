"""What people read, and what writes the parts of it that must never lag the code."""
