"""Drift: what differs between the manifests, what was applied, and Twilio. Gather, compare, group, render."""
