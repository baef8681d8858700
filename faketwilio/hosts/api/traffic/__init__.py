"""What passes through an account: messages, calls, what they leave behind."""
