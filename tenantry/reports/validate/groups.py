"""Violations of one rule at one line that say the same: a layer may violate it for hundreds of tenants."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from tenantry.policies.violation import Violation
from tenantry.policies.waivers import Waiver
from tenantry.text.some import first_of

NAMED = 3


@dataclass(frozen=True)
class Group:
    """Violations that are corrected in one place; the first stands for all."""

    first: Violation
    tenants: tuple[str, ...]
    """The tenants that show it; none where it is about the stack."""

    @property
    def waiver(self) -> Waiver | None:
        return self.first.waiver

    @property
    def text(self) -> str:
        """What is wrong, what to do, and in whom it shows if the line is not a tenant's own."""
        if not self.tenants or self.tenants == (PurePosixPath(self.first.place.file).stem,):
            return self.first.message
        return f"{self.first.message} (in {first_of(self.tenants, NAMED)})"


def groups_of(violations: Iterable[Violation]) -> tuple[Group, ...]:
    """Return the violations by rule, line, sentence and waiver, in their order."""
    alike: dict[object, list[Violation]] = {}
    for violation in violations:
        key = (violation.rule.id, violation.place, violation.path, violation.sentence, violation.waiver)
        alike.setdefault(key, []).append(violation)
    return tuple(Group(found[0], _list_tenants(found)) for found in alike.values())


def _list_tenants(violations: Iterable[Violation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(violation.tenant for violation in violations if violation.tenant is not None))
