"""YAML with the place of each value: reader, tree, scalars."""
