"""How tenants fare: figures, objectives, what is left of their budgets, and which of those burn."""
