"""How Twilio's SIDs are written, for regular expressions: two capital letters, which name the kind, and 32 digits."""

DIGITS = "[0-9a-fA-F]{32}"
SID = f"[A-Z]{{2}}{DIGITS}"
ACCOUNT_SID = f"AC{DIGITS}"
