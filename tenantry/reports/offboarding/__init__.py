"""Where a customer that leaves stands, as text, JSON and HTML."""
