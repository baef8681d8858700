"""Who is called at which URL: how all tenants stand, in memory, read anew when it was written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tenantry.ledger.standing import StandingRow
from tenantry.model.tenant_standing import TenantStanding


@dataclass(frozen=True)
class Index:
    """The tenants by account, and by the path to which their errors are sent."""

    by_account: Mapping[str, TenantStanding] = field(default_factory=dict)
    by_error_path: Mapping[str, tuple[TenantStanding, ...]] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()
    """Every path that is called."""

    def find_error_tenants(self, path: str) -> tuple[TenantStanding, ...]:
        """Return the tenants whose errors are sent to a path; more than one only where it does not hold the slug."""
        return self.by_error_path.get(path, ())


def index_of(rows: Iterable[StandingRow]) -> Index:
    """Return the index of what the ledger has."""
    by_account: dict[str, TenantStanding] = {}
    errors: dict[str, list[TenantStanding]] = {}
    paths: set[str] = set()
    for row in rows:
        standing = TenantStanding.model_validate_json(row.document)
        by_account[standing.account_sid] = standing
        paths.update(urlsplit(url).path or "/" for url in standing.callback_urls)
        if standing.error_url is not None:
            errors.setdefault(urlsplit(standing.error_url).path or "/", []).append(standing)
    return Index(by_account, {path: tuple(found) for path, found in errors.items()}, frozenset(paths))


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
