"""The kinds of records that the Console changes and that `/_fake/state` shows: one literal registry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from faketwilio.hosts.api.records import UsageTrigger
from faketwilio.hosts.events.records import EventSink, EventSubscription
from faketwilio.store.records import Account, ApiKey
from faketwilio.store.store import Store

BY_HAND = "made in the Console"


@dataclass(frozen=True)
class Kind:
    """What the Console knows of a kind of record."""

    prefix: str
    """What its SIDs begin with."""
    record: type[Any]
    plural: str
    """The key of `/_fake/state` below which an account's records are."""
    fresh: Callable[[Store, str], Mapping[str, Any]]
    """The fields of a record that the Console makes in an account, besides SID, account and dates."""


KINDS: Mapping[str, Kind] = {
    "subaccount": Kind(
        "AC",
        Account,
        "accounts",
        lambda store, account_sid: {
            "owner_sid": account_sid,
            "friendly_name": BY_HAND,
            "auth_token": store.sids.auth_token(),
        },
    ),
    "api_key": Kind(
        "SK",
        ApiKey,
        "api_keys",
        lambda store, _account_sid: {"friendly_name": BY_HAND, "secret": store.sids.secret()},
    ),
    "usage_trigger": Kind(
        "UT",
        UsageTrigger,
        "usage_triggers",
        lambda _store, _account_sid: {
            "friendly_name": BY_HAND,
            "usage_category": "sms",
            "trigger_by": "usage",
            "trigger_value": "1000.000000",
            "recurring": None,
            "callback_url": "https://console.example/usage",
            "callback_method": "POST",
        },
    ),
    "event_sink": Kind(
        "DG",
        EventSink,
        "event_sinks",
        lambda _store, _account_sid: {
            "description": BY_HAND,
            "sink_type": "webhook",
            "sink_configuration": {"destination": "https://console.example/e", "method": "post", "batch_events": False},
            "status": "active",
        },
    ),
    "event_subscription": Kind(
        "DF",
        EventSubscription,
        "event_subscriptions",
        lambda _store, _account_sid: {
            "description": BY_HAND,
            "types": {"com.twilio.error-logs.error.logged": 1},
        },
    ),
}
"""In this order a record is looked for by its SID; what goes with something else comes after that."""

CHILDREN: Mapping[str, Kind] = {name: kind for name, kind in KINDS.items() if kind.record is not Account}
"""The kinds of what is in an account."""
