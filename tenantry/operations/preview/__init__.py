"""What an `up` would do: previews, what their creates would find at Twilio, and the report of it."""
