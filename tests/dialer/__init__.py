"""Planning, advancing and the engine."""
