"""Errors of tenants, as text, JSON and a page."""
