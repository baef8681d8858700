"""What the status page says, for people, for a page and for programs."""
