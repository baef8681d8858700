"""One resource of each kind as the program registers it, less the ids."""

import json
from typing import Any

from tenantry.model.event_sink import DEBUGGER
from tenantry.model.event_subscription import ERROR_LOGGED
from tenantry.model.kind import Kind
from tenantry.model.kinds import find_kind

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

RECORDS: dict[str, Props] = {
    "fleet": {"account_sid": "AC" + "1" * 32, "standing": {"acme": "open"}},
    "subaccount": SUBACCOUNT,
    "account_state": {"account_sid": "AC" + "1" * 32, "status": "suspended"},
    "retention": {"account_sid": "AC" + "1" * 32, **RETENTION},
}
"""The kinds that are no object in an account."""


def links_of(kind: str) -> Props:
    """Return the ids of other objects that a kind needs, made up."""
    return {field: f"{definition_of(other).sid}{'1' * 32}" for field, other in definition_of(kind).links.items()}


def definition_of(kind: str) -> Kind:
    """Return the definition of a kind by its name."""
    found = find_kind(kind)
    assert found is not None, f"{kind} is not in tenantry/model/kinds.py"
    return found


def manifest_of_samples() -> Props:
    """Return the entries of a tenant that has the last sample of each kind, as a manifest has them."""
    tenant: Props = {}
    for name, props in dict(CHILDREN.values()).items():
        kind = definition_of(name)
        if kind.entry_of is not None:
            spec = kind.spec.of(props)
            entry = kind.entry_of(spec).model_dump(exclude_none=True, exclude_defaults=True, exclude={"generations"})
            key = str(props.get("friendly_name", "")).partition("#")[0]
            plain = json.loads(json.dumps(entry, default=int))
            tenant[str(kind.written)] = plain if kind.only_key is not None else {key: plain}
    return tenant
