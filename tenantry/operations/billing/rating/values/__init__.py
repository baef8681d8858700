"""What rating takes and what it returns, as frozen values: months of tenants, lines, statements, problems."""
