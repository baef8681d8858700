"""A Twilio Organization on the wire: who is a Console user, and who has which role where. Read-only.

The SDK of 2026-11 has the paths of the preview alone, so these are sent by hand, through the same transport: retries,
limits and counting are those of every call. OAuth client credentials are the only ones that reach here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from tenantry.text.sids import DIGITS
from tenantry.twilio.errors import CredentialsMissing, Refused, TwilioError, Unreachable, doing, read_failure

SID, CLIENT, SECRET = (
    "TWILIO_ORGANIZATION_SID",
    "TWILIO_ORGANIZATION_CLIENT_ID",
    "TWILIO_ORGANIZATION_CLIENT_SECRET",
)
PAGE_SIZE = 100
"""Twilio's most here."""
NOT_MANAGED = 25201
SET_ALL = f"Nothing was sent; set all of {SID}, {CLIENT} and {SECRET}, or none of them."
NEXT_STEPS = {
    401: f"Check {CLIENT} and {SECRET}: they are those of an OAuth app of the Organization.",
    403: "Give the OAuth app the permission twilio/iam/role-assignments/list.",
    404: f"Check {SID}: the OAuth app has to be of that Organization.",
}
"""What to do about a refusal, by its status: other credentials are at fault than those of the parent account."""
_HOST = "https://iam.twilio.com"


@dataclass(frozen=True)
class OrganizationCredentials:
    """The Organization, and its OAuth app."""

    sid: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class User:
    """A Console user."""

    sid: str
    email: str
    name: str
    active: bool


@dataclass(frozen=True)
class Assignment:
    """A role of a user, in the Organization (OR) or in one account (AC)."""

    role_sid: str
    scope: str


class Sender(Protocol):
    """What sends calls, for all threads."""

    def request(self, method: str, url: str, **options: Any) -> Any: ...


def organization_credentials(environ: Mapping[str, str]) -> OrganizationCredentials | None:
    """Return the credentials of the environment; None where none are set; raises CredentialsMissing for a part."""
    values = [environ.get(name, "").strip() for name in (SID, CLIENT, SECRET)]
    if not any(values):
        return None
    missing = [name for name, value in zip((SID, CLIENT, SECRET), values, strict=True) if not value]
    what = "Reading the Organization's credentials from the environment"
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise CredentialsMissing(f"{' and '.join(missing)} {verb} not set", what=what, next_step=SET_ALL)
    if not re.fullmatch(f"OR{DIGITS}", values[0]):
        problem = f"{SID} is not the SID of an Organization: OR and 32 hexadecimal digits"
        raise CredentialsMissing(problem, what=what, next_step=SET_ALL)
    return OrganizationCredentials(*values)


class OrganizationDirectory:
    """One Organization; its access token is asked for once and kept in memory."""

    def __init__(self, credentials: OrganizationCredentials, sender: Sender) -> None:
        self._credentials = credentials
        self._sender = sender
        self._token = ""

    @property
    def sid(self) -> str:
        """The Organization's SID."""
        return self._credentials.sid

    def sign_in(self) -> None:
        """Get an access token; raises TwilioError."""
        with _doing("Getting an access token for the Organization"):
            data = {
                "grant_type": "client_credentials",
                "client_id": self._credentials.client_id,
                "client_secret": self._credentials.client_secret,
            }
            body = _body_of(self._sender.request("POST", "https://oauth.twilio.com/v2/token", data=data))
            token = body.get("access_token")
            if not isinstance(token, str) or not token:
                raise Unreachable("the answer has no access token")
            self._token = token

    def roles(self) -> Mapping[str, str]:
        """Return the names of all roles, by SID."""
        with _doing("Listing the roles of the Organization"):
            return {_text(row, "sid"): _text(row, "friendly_name", "sid") for row in self._rows("Roles", {})}

    def users(self) -> tuple[User, ...]:
        """Return all users, by one call for each 100."""
        with _doing("Listing the users of the Organization"):
            return tuple(_user(row) for row in self._user_rows())

    def assignments(self, user: User) -> tuple[Assignment, ...] | None:
        """Return the roles of a user; None for one whom the Organization does not manage, whose roles nobody lists."""
        with _doing(f"Listing the roles of {user.email}"):
            try:
                rows = list(self._rows("RoleAssignments", {"Identity": user.sid}))
            except Refused as error:
                if error.code == NOT_MANAGED:
                    return None
                raise
            return tuple(Assignment(_text(row, "role_sid"), _text(row, "scope")) for row in rows)

    def _user_rows(self) -> Iterator[Mapping[str, Any]]:
        start = 1
        while True:
            page = self._get(f"{self._root}/scim/Users?{urlencode({'startIndex': start, 'count': PAGE_SIZE})}")
            rows = page.get("Resources") or []
            yield from rows
            start += len(rows)
            if not rows or start > int(page.get("totalResults") or 0):
                return

    def _rows(self, name: str, params: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        url: str | None = f"{self._root}/{name}?{urlencode({**params, 'PageSize': PAGE_SIZE})}"
        while url:
            page = self._get(url)
            yield from page.get("content") or []
            url = (page.get("meta") or {}).get("next_page_url")

    def _get(self, url: str) -> Mapping[str, Any]:
        return _body_of(self._sender.request("GET", url, headers={"Authorization": f"Bearer {self._token}"}))

    @property
    def _root(self) -> str:
        return f"{_HOST}/v2/Organizations/{self._credentials.sid}"


@contextmanager
def _doing(what: str) -> Iterator[None]:
    try:
        with doing(what):
            yield
    except TwilioError as error:
        error.next_step = NEXT_STEPS.get(error.status or 0, error.next_step)
        raise


def _body_of(answer: Any) -> Mapping[str, Any]:
    if answer.status_code >= 300:
        raise read_failure(answer.status_code, answer.text)
    if answer.json_body is None:
        raise Unreachable("the answer was no JSON object")
    body: Mapping[str, Any] = answer.json_body
    return body


def _text(row: Mapping[str, Any], *names: str) -> str:
    """Return the first of some fields that is a text; raises Unreachable where none is."""
    found = next((row[name] for name in names if isinstance(row.get(name), str) and row[name]), None)
    if found is None:
        raise Unreachable(f"the answer has a row without {names[0]}")
    return str(found)


def _user(row: Mapping[str, Any]) -> User:
    email = str(row.get("userName") or "")
    return User(str(row.get("id")), email, str(row.get("displayName") or email), bool(row.get("active", True)))
