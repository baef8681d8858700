"""A stack that an operation is about: opening it, which of its tenants, and running Pulumi over it."""
