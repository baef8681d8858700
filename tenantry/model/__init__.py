"""FLOOR 0. What a tenant is: values only, no YAML, no network. Imports nothing of ours but text."""
