"""What was found of a person and what was erased, as values: the published schema is made from them."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tenantry.model.record_kind import RecordKind
from tenantry.operations.retention.values import Fact


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ErasedKind(_Value):
    """The records of one kind."""

    kind: RecordKind
    found: int = Field(description="records of the person; with messages their media go")
    oldest: date | None = None
    done: int = 0
    gone: int = 0
    failed: int = 0
    unfinished: int = Field(default=0, description="not at their end yet: run again later")


class ErasedTenant(_Value):
    """One tenant, which is its own controller."""

    tenant: str
    account_sid: str | None
    standing: Literal["open", "held", "left_out", "failed"]
    reason: str | None = None
    kinds: tuple[ErasedKind, ...] = ()
    audit: str | None = Field(default=None, description="end of the tenant's audit, `lines:digest`: note it down")


class ErasureReport(_Value):
    """The records of one person at some tenants, and what was done about them."""

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    parent: str
    applied: bool = Field(description="false: a dry run, which deletes nothing")
    today: date
    person: str | None = Field(description="HMAC-SHA-256 of the number; null: there is no key")
    tenants: tuple[ErasedTenant, ...]
    in_ledger: dict[str, int] = Field(default={}, description="rows of our own ledger that hold the number, by table")
    stopped: str | None = Field(default=None, description="why nothing was deleted; null: nothing stopped the run")
    facts: tuple[Fact, ...] = ()

    @property
    def found(self) -> int:
        return sum(kind.found for tenant in self.tenants for kind in tenant.kinds)

    @property
    def done(self) -> int:
        return sum(kind.done for tenant in self.tenants for kind in tenant.kinds)

    @property
    def exit_code(self) -> int:
        """1 where something failed, 2 where something is there still, else 0."""
        kinds = [kind for tenant in self.tenants for kind in tenant.kinds]
        if any(kind.failed for kind in kinds) or any(tenant.standing == "failed" for tenant in self.tenants):
            return 1
        is_left = self.stopped is not None or bool(self.in_ledger) or any(kind.unfinished for kind in kinds)
        is_left |= any(tenant.standing != "open" for tenant in self.tenants)
        return 2 if is_left or (not self.applied and self.found) else 0
