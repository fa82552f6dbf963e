"""Everything that touches the world, and the one place that wires it together."""
