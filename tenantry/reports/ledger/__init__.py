"""What was done with a ledger, as text and JSON."""
