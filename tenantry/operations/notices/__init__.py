"""Notices to the user's application: what each type says, signed and sent, tried again, given up, and replayed."""
