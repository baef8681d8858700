"""What accounts use, and the triggers that count it."""
