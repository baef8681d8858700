"""What the fake stores: one frozen record a Twilio object, replaced whole when it changes."""

from tenantry.fake.records.account import Account
from tenantry.fake.records.alert import Alert
from tenantry.fake.records.api_key import ApiKey
from tenantry.fake.records.audit_event import AuditEvent
from tenantry.fake.records.conference import Conference
from tenantry.fake.records.delivery import Attempt, Delivery
from tenantry.fake.records.event_sink import EventSink
from tenantry.fake.records.event_subscription import EventSubscription
from tenantry.fake.records.event_type import EventType
from tenantry.fake.records.incident import Incident, IncidentUpdate
from tenantry.fake.records.incoming_phone_number import IncomingPhoneNumber
from tenantry.fake.records.media import Media
from tenantry.fake.records.message import Message
from tenantry.fake.records.notification import Notification
from tenantry.fake.records.owned import Owned
from tenantry.fake.records.phone_call import PhoneCall
from tenantry.fake.records.recording import Recording
from tenantry.fake.records.stamped import Stamped
from tenantry.fake.records.transcription import Transcription
from tenantry.fake.records.usage_trigger import UsageTrigger

__all__ = [
    "Account",
    "Alert",
    "ApiKey",
    "Attempt",
    "AuditEvent",
    "Conference",
    "Delivery",
    "EventSink",
    "EventSubscription",
    "EventType",
    "Incident",
    "IncidentUpdate",
    "IncomingPhoneNumber",
    "Media",
    "Message",
    "Notification",
    "Owned",
    "PhoneCall",
    "Recording",
    "Stamped",
    "Transcription",
    "UsageTrigger",
]
