"""Which sinks have the current generation of which keys, as text and JSON."""
