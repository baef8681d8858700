"""What an Organization stores: users, roles, assignments, and the OAuth app that reads them."""

from dataclasses import dataclass, field
from datetime import datetime

from faketwilio.store.store import Store

BUILT_IN = (
    ("Organization Owner", "organization"),
    ("Organization Administrator", "organization"),
    ("Account Administrator", "account"),
    ("Developer", "account"),
    ("Billing Manager", "account"),
    ("Support", "account"),
)
"""Names of roles, and the lowest level on which each can be given."""


@dataclass(frozen=True)
class User:
    """A person; one who is not managed by the Organization has roles that it can't read."""

    sid: str
    email: str
    display_name: str
    active: bool
    managed: bool
    created: datetime


@dataclass(frozen=True)
class Role:
    sid: str
    name: str
    lowest_level: str


@dataclass(frozen=True)
class Assignment:
    """A role of a user, in the Organization or in one account."""

    sid: str
    role_sid: str
    scope: str
    identity: str


@dataclass
class Organization:
    """One Organization, with the credentials of its OAuth app."""

    sid: str
    client_id: str
    client_secret: str = field(repr=False)
    roles: list[Role]
    users: list[User] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)

    @classmethod
    def begin(cls, store: Store) -> "Organization":
        sids = store.request_sids
        roles = [Role(sids.sid("IX"), name, level) for name, level in BUILT_IN]
        return cls(sids.sid("OR"), sids.sid("OQ"), sids.secret(), roles)
