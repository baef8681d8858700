"""What is too old, what was deleted and whether its audit is whole, as text, JSON and HTML."""
