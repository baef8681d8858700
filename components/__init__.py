"""Components: what one customer consists of."""
