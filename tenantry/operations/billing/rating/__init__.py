"""Rating: from terms, usage, credits and suspensions to a statement. Pure: no file, clock, database or network."""
