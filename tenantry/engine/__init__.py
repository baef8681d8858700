"""FLOOR 1. Finding and running Pulumi, its events as values, and the process that hosts our providers."""
