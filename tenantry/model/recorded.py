"""Words that the state of a stack and Twilio's answers are read by, for what needs nothing else of the model.

What starts Pulumi and reads its events begins with this file: the models themselves are a third of a command's start.
"""

TOKENS = "pulumi-python:dynamic/twilio:"
"""The prefix of the type tokens of all our kinds."""

CLAIMED = ("adopt", "account_sid")
"""The properties that say which object a resource holds."""

WAITING = "waiting-"
"""The prefix of ids of objects that are not made yet, because their tenant is not active."""

GONE = ("closed", "missing")
"""The final statuses of an account; `missing` is our word for one that Twilio does not know."""
