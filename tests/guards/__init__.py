"""The house itself: who may import whom, sizes, bans, locks, layout."""
