"""Errors of tenants: what Twilio sent, counted by code, against what they sent; and how long it is kept."""
