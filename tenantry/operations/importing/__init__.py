"""Bringing in what exists: a parent account read by lists, and written as manifests that change nothing."""
