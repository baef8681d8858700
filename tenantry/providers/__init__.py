"""FLOOR 2. Pulumi dynamic providers and resources. Dotted paths here live in users' state: never move them."""
