"""Manifests that change entry by entry, and what somebody may do meanwhile in the Console."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from provider_plugin import Saved

SETTINGS = "format: 1\nwebhooks: https://hooks.owl.example/twilio\n"
Manifest = dict[str, Any]
READ, SEND = "/twilio/messaging/messages/read", "/twilio/messaging/messages/create"
ACCESS = ("standard", [SEND], [READ, SEND])
GENERATIONS = ([1], [1, 2], [2], [2, 3])


def trigger(category: str, value: int, recurring: str, path: str) -> Manifest:
    return {
        "usage_category": category,
        "trigger_by": "count",
        "trigger_value": value,
        "recurring": recurring,
        "callback_url": path,
    }


EDITS: Mapping[str, tuple[Any, ...]] = {
    "name": ("Dental", "Clinic"),
    "web": tuple({"access": access, "generations": numbers} for access in ACCESS for numbers in GENERATIONS),
    "sender": (None, *({"access": access} for access in ACCESS)),
    "monthly-sms": tuple(trigger("sms", value, "monthly", path) for value in (1000, 2000) for path in ("/a", "/b")),
    "daily-calls": (None, trigger("calls", 50, "daily", "/c"), trigger("calls", 60, "daily", "/c")),
    "webhook": ({"url": "/errors/{tenant}"}, {"url": "/problems/{tenant}"}, {"url": "/errors", "method": "GET"}),
    "retention": (None, {"messages": {"keep_days": 30}}, {"messages": {"keep_days": 60}}),
}
"""What each entry may be; None is none."""
OF_ALL = (None, "active", "suspended")
"""The states of acme. Only birch, which is never suspended, loses its webhook: a sink of a suspended account can't be
deleted, so one that is taken away in the same run stays, and drift tells of it (tenantry/providers/child.py)."""
CONSOLE: Mapping[str, tuple[dict[str, Any], ...]] = {
    "subaccount": ({"friendly_name": "By hand (acme)"},),
    "api_key": ({"friendly_name": "by hand"},),
    "usage_trigger": ({"callback_url": "https://elsewhere.example"}, {"trigger_value": "7.000000"}),
    "event_sink": (
        {"sink_configuration": {"destination": "https://e.example", "method": "POST", "batch_events": False}},
    ),
    "event_subscription": ({"description": "by hand"},),
}
"""What fields of which kinds are changed there."""


def first_manifest() -> Manifest:
    """Return the entries that a tenant begins with."""
    return {name: choices[0] for name, choices in EDITS.items()} | {"state": None}


def write(folder: Path, manifests: Mapping[str, Manifest]) -> None:
    """Write a project of these tenants."""
    (folder / "tenants").mkdir(parents=True, exist_ok=True)
    (folder / "tenantry.yaml").write_text(SETTINGS)
    for slug, entries in manifests.items():
        (folder / "tenants" / f"{slug}.yaml").write_text(json.dumps(_manifest(slug, entries)))


def _manifest(slug: str, entries: Manifest) -> Manifest:
    keys = {name: entries[name] for name in ("web", "sender") if entries[name]}
    triggers = {name: entries[name] for name in ("monthly-sms", "daily-calls") if entries[name]}
    whole = {
        "tenant": slug,
        "name": f"{slug.title()} {entries['name']}",
        "state": entries["state"],
        "api_keys": keys,
        "usage_triggers": triggers,
        "debugger_webhook": entries["webhook"],
        "retention": entries["retention"],
    }
    return {name: value for name, value in whole.items() if value is not None}


def console_acts(slug: str, saved: Mapping[str, Saved]) -> list[dict[str, Any]]:
    """Return what can be done in the Console to what a tenant's state holds; its account is never closed."""
    held = [item for name, item in saved.items() if name == slug or name.startswith(f"{slug}/")]
    existing = [item for item in held if item.kind in CONSOLE and not item.id.startswith("waiting-")]
    acts: list[dict[str, Any]] = [{"delete": item.id} for item in existing if item.kind != "subaccount"]
    for item in existing:
        for fields in CONSOLE[item.kind]:
            own = {name: _own(slug, value) for name, value in fields.items()}
            acts.append({"set": item.id, "fields": own})
    return acts


def _own(slug: str, value: Any) -> Any:
    return value.replace("acme", slug) if isinstance(value, str) else value
