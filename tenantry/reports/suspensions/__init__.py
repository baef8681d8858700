"""What was done about a suspension, as text and JSON."""
