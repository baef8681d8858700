"""One resource of each kind as the program registers it, less the ids."""

from typing import Any

from tenantry.model.event_sink import DEBUGGER
from tenantry.model.event_subscription import ERROR_LOGGED

Props = dict[str, Any]

NAME = "Acme Dental (acme)"
SUBACCOUNT: Props = {"slug": "acme", "friendly_name": NAME}
KEY: Props = {"friendly_name": "web#1"}
RESTRICTED: Props = {
    "friendly_name": "sender#1",
    "policy": ["/twilio/messaging/messages/create", "/twilio/messaging/messages/read"],
}
TRIGGER: Props = {
    "friendly_name": "monthly-sms",
    "usage_category": "sms",
    "trigger_by": "count",
    "trigger_value": "1000",
    "recurring": "monthly",
    "callback_url": "https://hooks.owl.example/usage",
    "callback_method": "POST",
}
SINK: Props = {
    "description": DEBUGGER,
    "sink_type": "webhook",
    "sink_configuration": {"destination": "https://hooks.owl.example/acme", "method": "POST", "batch_events": False},
}
SUBSCRIPTION: Props = {"description": DEBUGGER, "types": [ERROR_LOGGED]}
RETENTION: Props = {
    "messages": {"keep_days": "30", "action": "delete"},
    "calls": {"keep_days": "90", "action": "delete"},
}

CHILDREN: dict[str, tuple[str, Props]] = {
    "standard key": ("api_key", KEY),
    "restricted key": ("api_key", RESTRICTED),
    "usage trigger": ("usage_trigger", TRIGGER),
    "event sink": ("event_sink", SINK),
    "event subscription": ("event_subscription", SUBSCRIPTION),
}
"""By what people call them."""
