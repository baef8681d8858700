"""Holds: what manifests, the fleet's record in the state and the ledger say; the stricter one wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.connection import Ledger
from tenantry.ledger.holds import HeldTenant, open_holds, record_hold, record_release
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.manifest.problem import ManifestError
from tenantry.model.hold import PUT_BACK, VANISHED
from tenantry.model.resources import FLEET
from tenantry.model.tenant import Tenant

UNREADABLE = "its manifest was changed while the job ran, and can't be read"


@dataclass(frozen=True)
class HoldMemory:
    """What is remembered of holds beside the manifests: by the state, and by the ledger."""

    today: date
    """By Twilio's clock."""
    recorded: Mapping[str, str] = field(default_factory=dict)
    """The state of each hold that the fleet's record has, by slug."""
    remembered: Mapping[str, HeldTenant] = field(default_factory=dict)
    """The holds that the ledger has and nobody has released, by slug."""

    def find(self, slug: str, tenant: Tenant | None) -> str | None:
        """Return why nothing of a tenant may be deleted, as a part of a sentence; None where it may."""
        hold = tenant.hold if tenant else None
        if hold is not None:
            until = f" until {hold.released.on}" if hold.released else ""
            is_held = hold.state_on(self.today) == "held"
            return f"it is held since {hold.since}{until}: {hold.reason}" if is_held else None
        if self.recorded.get(slug) not in (None, "released"):
            return f"{VANISHED}; an earlier `tenantry up` saw it. {PUT_BACK}"
        if (before := self.remembered.get(slug)) is not None:
            return _describe_vanished(before)
        return None


def recorded_holds(state: Sequence[StateResource] | None) -> Mapping[str, str]:
    """Return the state of each hold that the fleet's record has, by slug."""
    found = next((resource.outputs.get("held") for resource in state or () if resource.name == FLEET), None)
    return {str(slug): str(text) for slug, text in found.items()} if isinstance(found, Mapping) else {}


def remembered_holds(ledger: Ledger, parent: str) -> Mapping[str, HeldTenant]:
    """Return the holds that the ledger has and nobody has released, by slug."""
    return {hold.tenant: hold for hold in open_holds(ledger, parent)}


def remember_holds(ledger: Ledger, parent: str, tenants: Iterable[Tenant], today: date) -> None:
    """Write into the ledger which tenants are held, and which holds were released by today."""
    for tenant in tenants:
        hold = tenant.hold
        if hold is None:
            continue
        if hold.released is None or hold.state_on(today) == "held":
            record_hold(ledger, parent, HeldTenant(tenant.tenant, hold.reason, hold.since, hold.by))
        else:
            record_release(ledger, parent, tenant.tenant, on=hold.released.on, by=hold.released.by)


def vanished_in_ledger(ledger: Ledger, parent: str, tenants: Iterable[Tenant]) -> tuple[str, ...]:
    """Return, a sentence each, which holds of the ledger vanished from the manifests without a release."""
    manifests, remembered = {tenant.tenant: tenant for tenant in tenants}, remembered_holds(ledger, parent)
    written = {slug for slug, tenant in manifests.items() if tenant.hold is not None}
    return tuple(f"{slug}: {_describe_vanished(remembered[slug])}" for slug in sorted(remembered.keys() - written))


def _describe_vanished(hold: HeldTenant) -> str:
    return f"{VANISHED}; the ledger has it, since {hold.since}: {hold.reason}. {PUT_BACK}"


_Signature = tuple[int, int, int] | None


class ManifestWatch:
    """Notices a hold that somebody writes into a manifest while a job runs; for all threads.

    The manifests are read once more at its beginning: those that the job was begun with may be older.
    """

    def __init__(self, root: Path, stack: str | None, today: date) -> None:
        self._today = today
        self._root = root
        self._stack = stack
        self._lock = Lock()
        self._seen: Mapping[str, _Signature] = {}
        self._loaded: Loaded | None = None

    def find_tenant(self, slug: str) -> Tenant | None:
        """Return a tenant as its manifest is now; raises ManifestError where it can't be read any more."""
        with self._lock:
            file = self._loaded.files.get(slug) if self._loaded else None
            if self._loaded is None or file is None or _signature(self._root / file) != self._seen.get(file):
                self._seen = {name: _signature(self._root / name) for name in self._files()}
                self._loaded = load_or_refuse(self._root, self._stack)
                missing = set(self._loaded.files.values()) - self._seen.keys()
                self._seen = {**self._seen, **{name: _signature(self._root / name) for name in missing}}
            return self._loaded.tenants.get(slug)

    def _files(self) -> Iterable[str]:
        return self._loaded.files.values() if self._loaded else ()

    def find_new_hold(self, slug: str) -> str | None:
        """Return why a tenant is held by now, as far as its manifest says; None where it is not."""
        try:
            return HoldMemory(self._today).find(slug, self.find_tenant(slug))
        except ManifestError:
            return UNREADABLE

    def is_released(self, slug: str) -> bool:
        """Return whether the manifest releases a tenant's hold by now; the ledger may not have heard of it yet."""
        try:
            tenant = self.find_tenant(slug)
        except ManifestError:
            return False
        hold = tenant.hold if tenant is not None else None
        return hold is not None and hold.state_on(self._today) == "released"


def _signature(path: Path) -> _Signature:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
