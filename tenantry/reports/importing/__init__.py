"""What an import brought in, and what it left out, as text and JSON."""
