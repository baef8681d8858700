"""ASIDE. A stateful Twilio to run against. Imports nothing of ours.

A witness that shares our models shares our mistakes.
"""
