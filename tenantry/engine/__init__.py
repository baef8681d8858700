"""FLOOR 1. The only floor that starts Pulumi: finding it, running it, and its events and its state as values."""
