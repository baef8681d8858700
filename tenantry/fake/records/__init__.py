"""What the fake stores: one frozen record a Twilio object, replaced whole when it changes."""

from tenantry.fake.records.account import Account
from tenantry.fake.records.alert import Alert
from tenantry.fake.records.api_key import ApiKey
from tenantry.fake.records.audit_event import AuditEvent
from tenantry.fake.records.delivery import Attempt, Delivery
from tenantry.fake.records.event_sink import EventSink
from tenantry.fake.records.event_subscription import EventSubscription
from tenantry.fake.records.event_type import EventType
from tenantry.fake.records.incident import Incident, IncidentUpdate
from tenantry.fake.records.owned import Owned
from tenantry.fake.records.usage_trigger import UsageTrigger

__all__ = [
    "Account",
    "Alert",
    "ApiKey",
    "Attempt",
    "AuditEvent",
    "Delivery",
    "EventSink",
    "EventSubscription",
    "EventType",
    "Incident",
    "IncidentUpdate",
    "Owned",
    "UsageTrigger",
]
