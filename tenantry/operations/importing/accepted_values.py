"""What accepting drift comes to, as values: the published schema is made from them."""

from dataclasses import dataclass, field
from typing import Any

from tenantry.operations.drift.values import Finding
from tenantry.operations.reported import Reported


class AcceptedValue(Reported):
    """A value that was written."""

    tenant: str | None
    """None where it went into a layer."""
    path: str
    file: str


class RefusedFinding(Reported):
    """A finding that can't be accepted."""

    tenant: str | None
    entry: str
    reason: str


class AcceptReport(Reported):
    """What was written into which files, and what was not."""

    accepted: tuple[AcceptedValue, ...]
    refused: tuple[RefusedFinding, ...]


@dataclass(frozen=True)
class Wish:
    """A value that one tenant is to have from now on."""

    tenant: str
    path: tuple[str, ...]
    value: Any
    removes: bool = False


@dataclass
class Wishes:
    """What findings come to."""

    wishes: list[Wish] = field(default_factory=list)
    refused: list[RefusedFinding] = field(default_factory=list)

    def refuse(self, finding: Finding, reason: str) -> None:
        """Note that a finding can't be accepted."""
        self.refused.append(RefusedFinding(tenant=finding.tenant, entry=finding.entry, reason=reason))
