"""What operators and customers see of the ledger: tenants, caps, suspensions, errors, what waits for a person."""
