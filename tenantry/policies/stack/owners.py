"""An object of Twilio belongs to one resource: two holders would undo each other, and delete what is in use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tenantry.engine.state.holdings import Holdings


@dataclass(frozen=True)
class Claim:
    """The object that a resource of a stack holds; None where it is not known."""

    name: str
    adopt: str | None = None
    account_sid: str | None = None

    @property
    def slug(self) -> str:
        return self.name.partition("/")[0]


def find_shared(claims: Iterable[Claim], holdings: Holdings) -> Iterator[tuple[str, str]]:
    """Yield each SID that two resources of the stack hold, with a sentence that names them.

    Holders in the state count if the stack keeps them: a leaving one may pass its object on.
    """
    kept = tuple(claims)
    names = {claim.name for claim in kept}
    holders: dict[str, set[str]] = {}
    for claim in kept:
        if claim.adopt is not None:
            other_names = {holder.name for holder in holdings.others(claim.adopt, claim.name)}
            holders.setdefault(claim.adopt, set()).update({claim.name}, other_names & names)
    yield from _describe(holders)
    slugs: dict[str, set[str]] = {}
    for claim in kept:
        if claim.account_sid is not None and claim.account_sid not in holders:
            slugs.setdefault(claim.account_sid, set()).add(claim.slug)
    yield from _describe(slugs)


def _describe(holders: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    for sid, names in sorted(holders.items()):
        if len(names) > 1:
            yield sid, f"{sid} is held by {' and '.join(sorted(names))}; an object belongs to one resource"
