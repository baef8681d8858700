"""oauth.twilio.com, and the Organization API of iam.twilio.com: users, roles and who has which."""
