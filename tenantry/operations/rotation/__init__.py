"""Keys that arrive: which generation is the current one, and which sinks have it."""
