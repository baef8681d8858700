"""How statements are told: to customers without our cost, to us with an explanation of every cent."""
