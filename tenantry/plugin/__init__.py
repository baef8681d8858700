"""The process that Pulumi starts to serve our resources."""
