"""A drift report for people, for an issue, for workflows and for programs."""
