"""Erasing the records of one person at some tenants, with the guards and the audit of retention."""
