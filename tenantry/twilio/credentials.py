"""Whose Twilio it is: the parent's credentials, and where Twilio is, from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from tenantry.text.sids import ACCOUNT_SID
from tenantry.twilio.errors import CredentialsMissing
from tenantry.twilio.http.shown_address import URL

if TYPE_CHECKING:
    from urllib3.util import Url

SID = "TWILIO_ACCOUNT_SID"
TOKEN = "TWILIO_AUTH_TOKEN"  # noqa: S105  # the name of the variable
EXPORTED = "TENANTRY_EXPORTED_ACCOUNT_SID"
"""Whose account `tenantry export --format env` wrote, for a shell that read it and then runs one of our commands."""
HOST = "TENANTRY_TWILIO_HOST"
"""Names the one host besides this machine that URL may lead to: a single variable must not send a token away."""

_WHAT = "Reading the Twilio credentials from the environment"


@dataclass(frozen=True)
class Credentials:
    """The parent account's credentials; `base_url` is where a fake listens, None for Twilio itself."""

    account_sid: str
    auth_token: str = field(repr=False)
    base_url: str | None = None


def credentials_from(environ: Mapping[str, str]) -> Credentials:
    """Read the parent's credentials; raises CredentialsMissing, which says what is wrong with them."""
    sid, token = environ.get(SID, "").strip(), environ.get(TOKEN, "").strip()
    missing = [name for name, value in ((SID, sid), (TOKEN, token)) if not value]
    if missing:
        raise _make_missing_error(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set")
    _check_sid(sid)
    if environ.get(EXPORTED, "").strip().lower() == sid.lower():
        raise _make_missing_error(
            f"{SID} is {sid}, a tenant's account from `tenantry export --format env`, not the parent account",
            f"Nothing was sent; run this in a shell that has not read the export, or set {SID} to the parent's.",
        )
    return Credentials(sid, token, _read_base_url(environ.get(URL, "").strip(), environ.get(HOST, "").strip()))


def leads_to_this_machine(environ: Mapping[str, str]) -> bool:
    """Return whether requests go to a fake on this machine, and not to Twilio or another host."""
    url = environ.get(URL, "").strip()
    parts = _read_fake_address(url) if url else None
    return parts is not None and _is_this_machine(str(parts.host).strip("[]"))


def _check_sid(sid: str) -> None:
    if sid.startswith("SK"):
        raise _make_missing_error(
            f"{SID} is the SID of an API key",
            "Nothing was sent; use the parent's own SID (AC…) and Auth Token: Twilio hides the Auth Tokens of"
            " subaccounts from API keys, and without those no webhook and no restricted key can be made.",
        )
    if not re.fullmatch(ACCOUNT_SID, sid):
        raise _make_missing_error(f"{SID} is not the SID of an account, which is AC and 32 hexadecimal digits")


def _read_base_url(url: str, allowed: str) -> str | None:
    """Return the address of a fake: on this machine, or at the one host that HOST allows beside it."""
    if not url:
        return None
    parts = _read_fake_address(url)
    if parts is None:
        raise _make_missing_error(
            f"{URL} is not the address of a fake Twilio, such as http://127.0.0.1:8000",
            f"Nothing was sent; correct {URL}, or unset it to talk to Twilio itself.",
        )
    host = str(parts.host).strip("[]")
    if not _is_this_machine(host) and host != allowed.lower():
        raise _make_missing_error(
            f"{URL} leads to {host}, which is not this machine: the parent's Auth Token would be sent there",
            f"Nothing was sent; unset {URL} to talk to Twilio itself, or, if a fake of yours is there, also set"
            f" {HOST}={host}.",
        )
    return url.rstrip("/")


def _read_fake_address(url: str) -> Url | None:
    """Return the parts of an address, read as it is dialled; None for one with anything but host, port and path."""
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", url):
        return None
    try:
        parts = parse_url(url)
    except LocationParseError:
        return None
    return parts if parts.host and parts.port != 0 else None


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _make_missing_error(came_back: str, next_step: str | None = None) -> CredentialsMissing:
    return CredentialsMissing(came_back, what=_WHAT, next_step=next_step)
