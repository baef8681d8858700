"""Which Pulumi runs, how it is installed, and what `tenantry doctor` finds."""
