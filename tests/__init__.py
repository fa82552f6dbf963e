"""The tests: one folder per room, the journeys through all of them, and the guards of the house itself."""
