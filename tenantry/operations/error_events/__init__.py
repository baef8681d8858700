"""Errors of tenants: what Twilio told of, counted by code, against what they sent; and how long it is kept."""
