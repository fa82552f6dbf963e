"""The store: everything kept, in SQLite now, written so that PostgreSQL joins without a change above it."""
