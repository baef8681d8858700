"""How usage is reported: as text, JSON, CSV and HTML."""
