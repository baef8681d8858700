"""The page of operators, and the usage of a customer as JSON."""
