"""What tenants used: read from Twilio, and reconciled."""
