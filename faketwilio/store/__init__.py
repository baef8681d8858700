"""The ground: what one Twilio holds, and how it is kept. Knows no route of any host."""
