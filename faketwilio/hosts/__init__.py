"""Twilio's hosts, a folder each: their routes, and beside them the records that they store."""
