"""What a preview and an `up` have in common: changes, grouped, the dangerous ones first."""
