"""What a run would find here: engine, backend, stack, credentials, clock."""
