"""The rules, one a file; tenantry/rules/registry.py lists them."""
