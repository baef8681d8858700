"""FLOOR 1. YAML in, model out: positions, layers, problems and the JSON Schema."""
