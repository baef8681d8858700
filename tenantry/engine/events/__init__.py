"""What Pulumi reports, as values: events, changes, plans, outcomes."""
