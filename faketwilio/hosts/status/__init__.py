"""status.twilio.com: an Atlassian Statuspage, open to all."""
