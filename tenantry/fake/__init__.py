"""ASIDE. A stateful Twilio to run against. Imports nothing of ours: a witness that shares our models shares our mistakes."""
