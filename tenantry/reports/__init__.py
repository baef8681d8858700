"""FLOOR 2. Gather and render: previews, drift, exports. No Pulumi import."""
