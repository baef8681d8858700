"""FLOOR 2. How each report is worded and laid out. No Pulumi."""
