"""FLOOR 2. Pulumi dynamic providers and resources. Dotted paths here live in users' state: never move them."""

from typing import Any

from tenantry.model.kinds import KindName
from tenantry.providers.account_state import AccountState
from tenantry.providers.api_key import ApiKey
from tenantry.providers.event_sink import EventSink
from tenantry.providers.event_subscription import EventSubscription
from tenantry.providers.fleet import Fleet
from tenantry.providers.resource import TwilioResource
from tenantry.providers.retention import Retention
from tenantry.providers.subaccount import Subaccount
from tenantry.providers.usage_trigger import UsageTrigger

RESOURCES: dict[KindName, Any] = {
    "fleet": Fleet,
    "subaccount": Subaccount,
    "account_state": AccountState,
    "api_key": ApiKey,
    "usage_trigger": UsageTrigger,
    "event_sink": EventSink,
    "event_subscription": EventSubscription,
    "retention": Retention,
}

__all__ = [
    "RESOURCES",
    "AccountState",
    "ApiKey",
    "EventSink",
    "EventSubscription",
    "Fleet",
    "Retention",
    "Subaccount",
    "TwilioResource",
    "UsageTrigger",
]
