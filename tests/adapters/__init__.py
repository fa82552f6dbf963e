"""What touches the world, on loopback."""
