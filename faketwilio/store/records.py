"""What every record of the fake has, and the two that say who calls: frozen values, replaced whole when they change."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Owned(Protocol):
    """Anything with a SID that is listed under an account."""

    @property
    def sid(self) -> str: ...

    @property
    def account_sid(self) -> str: ...


class Stamped(Owned, Protocol):
    """Anything that is listed under an account and says when it was made and changed."""

    @property
    def date_created(self) -> datetime: ...

    @property
    def date_updated(self) -> datetime: ...


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
    secondary_auth_token: str | None = field(default=None, repr=False)

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
