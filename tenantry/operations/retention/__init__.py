"""What records are too old, and deleting exactly these, with proof."""
