"""How requests fail on order, and what every request passes."""
