"""A seeded population that answers calls and mails, for rehearsals, the demo and the tests."""
