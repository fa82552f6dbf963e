"""Our copies of registries."""
