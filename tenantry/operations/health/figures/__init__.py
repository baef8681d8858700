"""Each figure of a tenant as a pure function, with its source and what to do."""
