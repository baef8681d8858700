"""What the fake stores: one frozen record a Twilio object, replaced whole when it changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class Owned(Protocol):
    """Anything with a SID that is listed under an account."""

    @property
    def sid(self) -> str: ...

    @property
    def account_sid(self) -> str: ...


@dataclass(frozen=True)
class Account:
    """A parent (its own owner) or a subaccount."""

    sid: str
    owner_sid: str
    friendly_name: str
    auth_token: str = field(repr=False)
    date_created: datetime
    date_updated: datetime
    status: str = "active"
    type: str = "Full"
    closed_at: datetime | None = None
    suspended_by_twilio: bool = False

    @property
    def account_sid(self) -> str:
        """The account under which this one is listed: the owner's list holds the owner too."""
        return self.owner_sid

    @property
    def is_parent(self) -> bool:
        return self.owner_sid == self.sid


@dataclass(frozen=True)
class ApiKey:
    """A standard, restricted or main key; `policy` is only a restricted one's."""

    sid: str
    account_sid: str
    friendly_name: str | None
    secret: str = field(repr=False)
    date_created: datetime
    date_updated: datetime
    kind: str = "standard"
    policy: tuple[str, ...] | None = None


@dataclass(frozen=True)
class UsageTrigger:
    """A usage trigger, its amounts as the strings that Twilio answers."""

    sid: str
    account_sid: str
    friendly_name: str
    usage_category: str
    trigger_by: str
    trigger_value: str
    current_value: str
    recurring: str | None
    callback_url: str
    callback_method: str
    date_created: datetime
    date_updated: datetime
    date_fired: datetime | None = None


@dataclass(frozen=True)
class EventSink:
    """An Event Streams sink; `test_id` is what the test event carried."""

    sid: str
    account_sid: str
    description: str
    sink_type: str
    sink_configuration: Mapping[str, Any]
    status: str
    date_created: datetime
    date_updated: datetime
    test_id: str | None = None


@dataclass(frozen=True)
class EventSubscription:
    """A subscription; `types` maps each event type to its pinned schema version, in the order they were added."""

    sid: str
    account_sid: str
    description: str
    sink_sid: str
    types: Mapping[str, int]
    date_created: datetime
    date_updated: datetime


@dataclass(frozen=True)
class EventType:
    """A type of Twilio's catalogue: the newest schema version is what an unpinned subscription gets."""

    type: str
    schema_id: str
    latest_schema_version: int
    description: str
    status: str = "active"


@dataclass(frozen=True)
class Callback:
    """What Twilio would send: a GET has its parameters in the URL, a POST in its form."""

    method: str
    url: str
    form: dict[str, str]
    signature: str
