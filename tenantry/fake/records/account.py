"""An account as it is stored."""

from dataclasses import dataclass, field
from datetime import datetime


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
