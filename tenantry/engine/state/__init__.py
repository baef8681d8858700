"""What a stack's state contains, and what an unfinished run leaves in it."""
