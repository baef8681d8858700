"""Which Pulumi runs, how one gets here, and what `tenantry doctor` finds."""
