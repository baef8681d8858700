"""What the v2010 API's routes store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Message:
    """A message; while one is under way, `due` is when its status changes next (None: not before somebody says so)."""

    sid: str
    account_sid: str
    to: str
    from_: str | None
    body: str
    status: str
    date_created: datetime
    date_updated: datetime
    date_sent: datetime | None = None
    due: datetime | None = None
    direction: str = "outbound-api"
    num_segments: int = 1
    num_media: int = 0
    messaging_service_sid: str | None = None
    error_code: int | None = None
    error_message: str | None = None
    price: str | None = None
    price_unit: str = "USD"


@dataclass(frozen=True)
class Media:
    """A medium of a message, its content not kept."""

    sid: str
    account_sid: str
    parent_sid: str
    content_type: str
    date_created: datetime
    date_updated: datetime


@dataclass(frozen=True)
class PhoneCall:
    """A call; while one is under way, `due` is when its status changes next (None: not before somebody says so)."""

    sid: str
    account_sid: str
    to: str
    from_: str
    status: str
    date_created: datetime
    date_updated: datetime
    start_time: datetime | None = None
    end_time: datetime | None = None
    due: datetime | None = None
    duration: int | None = None
    direction: str = "outbound-api"
    parent_call_sid: str | None = None
    phone_number_sid: str | None = None
    price: str | None = None
    price_unit: str = "USD"


@dataclass(frozen=True)
class Recording:
    """A recording; a deleted one stays until it is `due` to vanish."""

    sid: str
    account_sid: str
    call_sid: str | None
    status: str
    date_created: datetime
    date_updated: datetime
    conference_sid: str | None = None
    date_deleted: datetime | None = None
    due: datetime | None = None
    start_time: datetime | None = None
    duration: int | None = None
    channels: int = 1
    source: str = "OutboundAPI"
    track: str = "both"
    error_code: int | None = None
    price: str | None = None
    price_unit: str = "USD"


@dataclass(frozen=True)
class Transcription:
    """The text of a recording."""

    sid: str
    account_sid: str
    recording_sid: str
    status: str
    date_created: datetime
    date_updated: datetime
    transcription_text: str = "(blank)"
    type: str = "fast"
    duration: int | None = None
    price: str | None = None
    price_unit: str = "USD"


@dataclass(frozen=True)
class Conference:
    """A conference, its participants not kept."""

    sid: str
    account_sid: str
    friendly_name: str
    status: str
    date_created: datetime
    date_updated: datetime
    region: str = "us1"
    reason_conference_ended: str | None = None
    call_sid_ending_conference: str | None = None


@dataclass(frozen=True)
class Notification:
    """What Twilio noted of an error; `log` is "0" for an error, "1" for a warning."""

    sid: str
    account_sid: str
    call_sid: str | None
    error_code: str
    log: str
    message_date: datetime
    date_created: datetime
    date_updated: datetime
    message_text: str = ""
    request_method: str | None = None
    request_url: str = ""
    request_variables: str = ""
    response_body: str = ""
    response_headers: str = ""


@dataclass(frozen=True)
class IncomingPhoneNumber:
    """A phone number; `settings` are the URLs and methods that were set, by the names that Twilio answers."""

    sid: str
    account_sid: str
    phone_number: str
    friendly_name: str
    date_created: datetime
    date_updated: datetime
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class UsageTrigger:
    """A usage trigger, its amounts as the strings that Twilio answers."""

    sid: str
    account_sid: str
    friendly_name: str
    usage_category: str
    trigger_by: str
    trigger_value: str
    recurring: str | None
    callback_url: str
    callback_method: str
    date_created: datetime
    date_updated: datetime
    date_fired: datetime | None = None
