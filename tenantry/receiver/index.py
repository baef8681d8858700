"""Who is called at which URL: how all tenants stand, in memory, read anew when it was written."""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from tenantry.telemetry.attributes import OTHER
from tenantry.text.sids import ACCOUNT_SID


@dataclass(frozen=True, slots=True)
class Recipient:
    """A tenant, as far as its requests need it; the receiver has one for each of 25,000 tenants in memory."""

    tenant: str
    account_sid: str
    callback_urls: tuple[str, ...] = ()
    """The URLs below `webhooks` that Twilio calls for it, whole."""
    error_url: str | None = None
    """The one of them to which errors are sent."""


_RECIPIENT = TypeAdapter(Recipient)
_ACCOUNT = re.compile(rf"\b{ACCOUNT_SID}\b".encode())
MOST_SHARING = 20
"""Tokens that are tried on one request."""


@dataclass(frozen=True)
class Index:
    """The tenants by account, and by the path to which their errors are sent."""

    by_account: Mapping[str, Recipient] = field(default_factory=dict)
    by_error_path: Mapping[str, tuple[Recipient, ...]] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()
    """Every path that is called."""

    def kind_of(self, path: str) -> str:
        """Return what is sent to a path, in a word for telemetry."""
        if path in self.by_error_path:
            return "error_event"
        return "usage_trigger" if path in self.paths else OTHER

    def find_error_tenants(self, path: str, body: bytes) -> tuple[Recipient, ...]:
        """Return the tenants that errors at a path may be of: those that the body names, or all if they are few.

        More than one has the same path only where that does not hold the slug; their tokens say which one it is.
        """
        sharing = self.by_error_path.get(path, ())
        if len(sharing) <= 1:
            return sharing
        named = [self.by_account.get(sid.decode()) for sid in dict.fromkeys(_ACCOUNT.findall(body))][:MOST_SHARING]
        found = tuple(recipient for recipient in named if recipient and _path_of(recipient.error_url) == path)
        return found or sharing[:MOST_SHARING]


def index_of(documents: Iterable[str]) -> Index:
    """Return the index of what the ledger has: how each tenant stands, as JSON."""
    by_account: dict[str, Recipient] = {}
    errors: dict[str, list[Recipient]] = {}
    for document in documents:
        recipient = _RECIPIENT.validate_json(document)
        recipient = Recipient(
            recipient.tenant,
            recipient.account_sid,
            tuple(map(sys.intern, recipient.callback_urls)),
            recipient.error_url and sys.intern(recipient.error_url),
        )
        by_account[recipient.account_sid] = recipient
        if recipient.error_url is not None:
            errors.setdefault(_path_of(recipient.error_url), []).append(recipient)
    paths = frozenset(_path_of(url) for recipient in by_account.values() for url in recipient.callback_urls)
    return Index(by_account, {path: tuple(found) for path, found in errors.items()}, paths)


def _path_of(url: str | None) -> str:
    return urlsplit(url or "").path or "/"


def public_urls(configured: str, path: str, query: str) -> tuple[str, ...]:
    """Return the URLs that Twilio may have signed for a request to a configured URL; none where it went elsewhere.

    Host, scheme and port are the configured ones, whatever the request says of them. A fragment, which may hold
    Twilio's connection overrides, is never sent; nobody says whether it is signed, so both are possible.
    """
    url, _, fragment = configured.partition("#")
    parts = urlsplit(url)
    if (parts.path or "/") != path:
        return ()
    added = query
    if parts.query:
        if query != parts.query and not query.startswith(f"{parts.query}&"):
            return ()
        added = query[len(parts.query) :]
    elif query:
        added = f"?{query}"
    whole = f"{url}{added}"
    return (whole, f"{whole}#{fragment}") if fragment else (whole,)


def url_below(webhooks: str | None, path: str, query: str) -> str | None:
    """Return the URL of a request to any path below `webhooks`; None for another path, or without `webhooks`."""
    if webhooks is None:
        return None
    parts = urlsplit(webhooks)
    base = parts.path.rstrip("/")
    if path != base and not path.startswith(f"{base}/"):
        return None
    return f"{parts.scheme}://{parts.netloc}{path}{f'?{query}' if query else ''}"
