"""What there is of a person and what was erased, as text and JSON."""
