"""API keys that no manifest knows, by age: pure functions of what is there and what is ours."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.access import AccessFile
from tenantry.model.api_key import ApiKeySpec, key_name
from tenantry.model.tenant import Tenant
from tenantry.operations.access.values import SEVERITY, AccessFinding, FindingKind
from tenantry.twilio.live import Live


@dataclass(frozen=True)
class AccountKeys:
    """The keys of one account; `tenant` is None for the parent's own."""

    account_sid: str
    tenant: str | None
    keys: tuple[Live[ApiKeySpec], ...]


def known_keys(state: Collection[StateResource] | None) -> frozenset[str]:
    """Return the SIDs of keys that the state has."""
    return frozenset(resource.sid for resource in state or () if resource.kind == "api_key" and resource.sid)


def find_keys(
    account: AccountKeys, manifest: Tenant | None, known: frozenset[str], file: AccessFile, now: datetime
) -> Iterator[AccessFinding]:
    """Yield the keys of an account that neither the state, the manifest nor access.yaml knows."""
    names = {
        key_name(name, generation)
        for name, entry in (manifest.api_keys if manifest else {}).items()
        for generation in entry.generations
    }
    own = known | {entry.adopt for entry in (manifest.api_keys if manifest else {}).values() if entry.adopt}
    meant = {entry.partition("/")[2] for entry in (manifest.ignore if manifest else {}) if entry.startswith("api_key/")}
    free = names - {key.spec.friendly_name for key in account.keys if key.sid in own}
    for key in sorted(account.keys, key=lambda key: key.created or now):
        name = key.spec.friendly_name
        if key.sid in own or key.sid in meant or name in meant:
            continue
        if name in free:  # of several keys with a name of ours, the oldest is
            free.discard(name)
            continue
        yield _finding(account, key, file, now)


def _finding(account: AccountKeys, key: Live[ApiKeySpec], file: AccessFile, now: datetime) -> AccessFinding:
    allowed = file.access.keys.get(key.sid)
    is_over = allowed is not None and allowed.until is not None and allowed.until < now.date()
    kind: FindingKind = "unknown_key" if allowed is None else "expired_key" if is_over else "allowed_key"
    place = file.place("keys", key.sid) if allowed else file.place()
    return AccessFinding(
        kind=kind,
        severity=SEVERITY[kind],
        tenant=account.tenant,
        account_sid=account.account_sid,
        key_sid=key.sid,
        name=key.spec.friendly_name or None,
        created=key.created.date() if key.created else None,
        age_days=max(0, (now - key.created).days) if key.created else None,
        until=allowed.until if allowed else None,
        reason=allowed.reason if allowed else None,
        file=place.file,
        line=place.line,
        settle=_SETTLE[kind],
    )


_SETTLE: Mapping[FindingKind, str] = {
    "unknown_key": "Delete the key, take it over with `adopt`, or allow it in access.yaml under `keys` with a reason.",
    "expired_key": "Delete the key, or write a later day into access.yaml.",
    "allowed_key": "Nothing to do.",
}
