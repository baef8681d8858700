"""What `tenantry validate` found, as text, JSON, workflow commands of GitHub, and SARIF."""
