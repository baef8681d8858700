"""Violations of one rule that say the same: at one line of a layer, or at a line of each of hundreds of manifests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from tenantry.policies.violation import Violation
from tenantry.policies.waivers import Waiver
from tenantry.text.some import first_of

NAMED = 3
FEW = 5
"""At so many lines the same is told of each of them; at more, once."""


@dataclass(frozen=True)
class Group:
    """Violations that are corrected in one place; the first stands for all."""

    first: Violation
    tenants: tuple[str, ...]
    """The tenants that show it; none where it is about the stack."""
    places: int = 1
    """At how many lines it is; `first` has the first of them."""

    @property
    def waiver(self) -> Waiver | None:
        return self.first.waiver

    @property
    def text(self) -> str:
        """What is wrong, what to do, and in whom it shows if the line is not a tenant's own."""
        if not self.tenants or self.tenants == (PurePosixPath(self.first.place.file).stem,):
            return self.first.message
        lines = f", at {self.places:,} lines" if self.places > 1 else ""
        return f"{self.first.message} (in {first_of(self.tenants, NAMED)}{lines})"


def groups_of(violations: Iterable[Violation]) -> tuple[Group, ...]:
    """Return the violations by rule, line, sentence and waiver, in their order."""
    alike: dict[object, list[Violation]] = {}
    for violation in violations:
        key = (violation.rule.id, violation.place, violation.path, violation.sentence, violation.waiver)
        alike.setdefault(key, []).append(violation)
    return tuple(Group(found[0], _list_tenants(found)) for found in alike.values())


def join_groups(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Return groups that say the same at many lines as one, such as what every imported manifest lacks."""
    alike: dict[object, list[Group]] = {}
    for group in groups:
        first = group.first
        key = (first.rule.id, first.level, first.path, first.sentence, first.waiver)
        alike.setdefault(key, []).append(group)
    joined: list[Group] = []
    for same in alike.values():
        joined += [_join(same)] if len(same) > FEW else same
    return tuple(joined)


def _join(groups: Sequence[Group]) -> Group:
    tenants = tuple(dict.fromkeys(tenant for group in groups for tenant in group.tenants))
    return replace(groups[0], tenants=tenants, places=len(groups))


def _list_tenants(violations: Iterable[Violation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(violation.tenant for violation in violations if violation.tenant is not None))
