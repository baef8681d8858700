"""What a stack's state says, and what an unfinished run leaves in it."""
