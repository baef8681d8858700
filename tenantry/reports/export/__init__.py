"""The export: what an ISV's own application, billing and support need to know of each tenant."""
