"""FLOOR 2. What a person can do, a folder a capability. No printing, no exit, no format."""
