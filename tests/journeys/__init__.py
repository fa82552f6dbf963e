"""Whole campaigns through the simulator and the double."""
