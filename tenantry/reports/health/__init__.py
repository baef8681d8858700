"""How tenants fare, for people, for a page and for programs; and what a customer may see of it."""
