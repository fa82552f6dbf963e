"""The store: one suite, over every database there is."""
