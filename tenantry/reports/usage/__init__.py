"""How usage is told: as text, JSON, CSV and HTML."""
