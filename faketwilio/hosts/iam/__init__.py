"""iam.twilio.com: standard and restricted keys."""
