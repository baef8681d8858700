"""The rules, one a file; tenantry/policies/registry.py lists them."""
