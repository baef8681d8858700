"""How purchases of credits are told, and what is still owed of them."""
