"""What `tenantry rotate` found and wrote, as text and JSON."""
