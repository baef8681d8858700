"""Twilio tenants as code: one YAML manifest per customer, on Pulumi."""

from importlib.metadata import version

__version__ = version("tenantry")
