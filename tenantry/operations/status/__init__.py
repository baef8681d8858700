"""Whether Twilio says that it has trouble, and whom of ours that concerns."""
