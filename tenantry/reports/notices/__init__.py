"""Notices, as text and JSON, and the schema of what is sent."""
