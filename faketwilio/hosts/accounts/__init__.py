"""accounts.twilio.com: auth tokens."""
