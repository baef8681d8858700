"""events.twilio.com: Event Streams."""
