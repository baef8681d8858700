"""Which tenants a run is for, in which order, and which of them are left out, each for a stated reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tenantry.manifest.load import Loaded
from tenantry.model.tenant import Tenant
from tenantry.operations.errors import StoppedError
from tenantry.operations.retention.due import Rule, rules_of
from tenantry.operations.retention.holds import HoldMemory
from tenantry.operations.retention.values import Standing, TenantReport
from tenantry.operations.usage.accounts import RELEASED, TenantAccount

CLOSED = "its account is closed: Twilio deletes it with all in it 30 days after that, and nobody can sooner"
OBSERVED = "its manifest says `manage: observe`, so nothing is changed in its account"
GONE = "Twilio does not know its account any more"


@dataclass(frozen=True)
class Shard:
    """One of so many parts of the tenants, counted from 1."""

    number: int
    of: int

    def has(self, slug: str) -> bool:
        """Return whether a tenant is in this part: by its slug alone, so that the parts stay as tenants come and go."""
        return int(hashlib.sha256(slug.encode()).hexdigest(), 16) % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def read_shard(text: str) -> Shard:
    """Read a part such as 3/8; raises StoppedError."""
    found = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text)
    if found is None or int(found[1]) > int(found[2]):
        raise StoppedError(f"'{text}' is no part of the tenants, such as 3/8: the third of eight. Nothing was read.")
    return Shard(int(found[1]), int(found[2]))


@dataclass(frozen=True)
class Target:
    """A tenant whose records are looked at."""

    slug: str
    account_sid: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Targets:
    """The tenants that are looked at, and those that are not."""

    open: tuple[Target, ...]
    left_out: tuple[TenantReport, ...]


def choose_targets(
    loaded: Loaded,
    accounts: Collection[TenantAccount],
    memory: HoldMemory,
    shard: Shard | None,
    *,
    needs_rules: bool = True,
) -> Targets:
    """Return which tenants are looked at; those of other shards, or without a rule, are in neither list."""
    wanted = [account for account in accounts if shard is None or shard.has(account.slug)]
    found = [_target(loaded, account, memory, needs_rules=needs_rules) for account in wanted]
    return Targets(
        tuple(target for target in found if isinstance(target, Target)),
        tuple(report for report in found if isinstance(report, TenantReport)),
    )


def _target(
    loaded: Loaded, account: TenantAccount, memory: HoldMemory, *, needs_rules: bool
) -> Target | TenantReport | None:
    tenant = loaded.tenants.get(account.slug)
    rules = rules_of(tenant.retention if tenant else None)
    is_wanted = bool(rules) or not needs_rules
    for standing, reason, is_expected in _reasons(account, tenant, memory, is_wanted=is_wanted):
        sid, slug = account.sid, account.slug
        return TenantReport(tenant=slug, account_sid=sid, standing=standing, reason=reason, is_expected=is_expected)
    return Target(account.slug, account.sid, rules) if is_wanted and account.sid else None


def _reasons(
    account: TenantAccount, tenant: Tenant | None, memory: HoldMemory, *, is_wanted: bool
) -> Iterator[tuple[Standing, str, bool]]:
    """Yield why a tenant is left out, the strongest reason first, and whether that is as it should be."""
    if (hold := memory.find(account.slug, tenant)) is not None:
        yield "held", hold, True
    if tenant is None:
        yield "left_out", "it has no manifest, so no rule", False
    elif tenant.state == "released":
        yield "left_out", RELEASED, True
    elif tenant.is_observed:
        yield "left_out", OBSERVED, True
    elif is_wanted and account.sid is None:
        yield "left_out", account.reason or GONE, tenant.state == "closed"
    elif is_wanted and account.status is None:
        yield "left_out", GONE, tenant.state == "closed"
    elif is_wanted and account.status == "closed":
        yield "left_out", CLOSED, tenant.state == "closed"
