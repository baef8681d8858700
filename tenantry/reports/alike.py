"""Tenants in which the same failed for the same reason stand together: the first ten by name, and the reason once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tenantry.text.own_names import leave_out_names
from tenantry.text.some import first_of

Item = TypeVar("Item")

NAMED = 10
"""So many tenants are named; JSON and CSV have all."""
FEW = 5
"""Below the rows of a table the same reason stands so often; more tenants are named together below the table."""


@dataclass(frozen=True)
class Reason:
    """Why something failed in a tenant, or what is to be known of it."""

    tenant: str
    text: str


@dataclass(frozen=True)
class AlikeReasons:
    """Reasons that differ in slugs, names of accounts, SIDs and counts of tries alone."""

    tenants: tuple[str, ...]
    text: str
    """The reason in the first of them."""
    reasons: frozenset[Reason]

    @property
    def is_exact(self) -> bool:
        """Whether the reason is the same in all of them, to the letter."""
        return len({reason.text for reason in self.reasons}) == 1

    @property
    def line(self) -> str:
        """The tenants and the reason: `acme, birch and 7 more: Twilio answered 401.`; raw, as the reason is."""
        return f"{self.write_tenants()}: {self.text}"

    def write_tenants(self, remark: str = "") -> str:
        """Return the tenants with a remark on them, and whose reason it is where the others' differ in names."""
        about = [part for part in (remark, "" if self.is_exact else f"the reason in {self.tenants[0]}") if part]
        remarks = f" ({', '.join(about)})" if about else ""
        return f"{first_of(self.tenants, NAMED)}{remarks}"


def group_alike(items: Iterable[Item], key: Callable[[Item], object]) -> tuple[tuple[Item, ...], ...]:
    """Return items that have a key in common together, in the order of the first ones."""
    groups: dict[object, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return tuple(map(tuple, groups.values()))


def group_reasons(reasons: Iterable[Reason]) -> tuple[AlikeReasons, ...]:
    """Return reasons that are alike together, in the order of the first ones."""
    groups = group_alike(reasons, lambda reason: leave_out_names([reason.text], reason.tenant))
    return tuple(map(_join, groups))


def list_common(reasons: Sequence[Reason]) -> tuple[AlikeReasons, ...]:
    """Return the reasons that more than FEW tenants have alike: a table has them once, below its rows."""
    return tuple(alike for alike in group_reasons(reasons) if len(alike.tenants) > FEW)


def _join(reasons: Sequence[Reason]) -> AlikeReasons:
    tenants = tuple(dict.fromkeys(reason.tenant for reason in reasons))
    return AlikeReasons(tenants, reasons[0].text, frozenset(reasons))
