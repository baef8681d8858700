"""What the fake stores: one frozen record a Twilio object, replaced whole when it changes."""

from tenantry.fake.records.account import Account
from tenantry.fake.records.api_key import ApiKey
from tenantry.fake.records.callback import Callback
from tenantry.fake.records.event_sink import EventSink
from tenantry.fake.records.event_subscription import EventSubscription
from tenantry.fake.records.event_type import EventType
from tenantry.fake.records.owned import Owned
from tenantry.fake.records.usage_trigger import UsageTrigger

__all__ = [
    "Account",
    "ApiKey",
    "Callback",
    "EventSink",
    "EventSubscription",
    "EventType",
    "Owned",
    "UsageTrigger",
]
