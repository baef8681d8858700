"""Comparing manifests, a state and Twilio, without a run of the program."""
