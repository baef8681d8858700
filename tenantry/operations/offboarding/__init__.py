"""Letting a customer leave: where it stands, what is next, and its records deleted and read again."""
