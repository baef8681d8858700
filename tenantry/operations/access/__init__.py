"""Who may do what in Twilio: Console users and their roles, keys that no manifest knows, and who made what."""
