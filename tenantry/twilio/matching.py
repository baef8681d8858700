"""Which object at Twilio belongs to an entry: one answer for providers, drift and the orphans of killed runs.

Each gateway is a `Matching` of its kind: an object's name, what is fixed for its life, what a list leaves out.
"""

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from tenantry.model.spec import ChildSpec
from tenantry.twilio.live import Live

C = TypeVar("C", bound=ChildSpec)


def name_of(spec: object) -> str:
    """Return the name that an object has in Twilio; empty where it has none."""
    return str(getattr(spec, "friendly_name", None) or getattr(spec, "description", None) or "")


class Matching(Generic[C]):
    """The answers that most kinds share."""

    def name_of(self, spec: C) -> str:
        """Return the name that the object has in Twilio."""
        return name_of(spec)

    def is_named(self, wanted: C, live: C) -> bool:
        """Return whether an object of a list is called, or placed, as the wanted one is."""
        return self.name_of(live) == self.name_of(wanted)

    def fixed_fields(self, spec: C) -> Mapping[str, object]:
        """Return what Twilio can't change on a live object."""
        return {field: getattr(spec, field) for field in type(spec).REPLACES - {"account_sid"}}

    def same(self, wanted: C, live: C) -> bool:
        """Return whether a complete object can become the wanted one, as it is or after an update."""
        return self.is_named(wanted, live) and self.fixed_fields(wanted) == self.fixed_fields(live)

    def complete(self, account_sid: str, listed: Live[C]) -> Live[C]:
        """Return a listed object with the settings that the list leaves out; raises NotFound."""
        return listed

    def find(self, account_sid: str, wanted: C, listed: Iterable[Live[C]]) -> tuple[Live[C], ...]:
        """Return the objects of a list that can become the wanted one, complete, the newest first."""
        named = (self.complete(account_sid, live) for live in self.find_named(wanted, listed))
        return _sort_newest_first(live for live in named if self.same(wanted, live.spec))

    def find_named(self, wanted: C, listed: Iterable[Live[C]]) -> tuple[Live[C], ...]:
        """Return the objects of a list that are called, or placed, as the wanted one, the newest first."""
        return _sort_newest_first(live for live in listed if self.is_named(wanted, live.spec))


def _sort_newest_first(found: Iterable[Live[C]]) -> tuple[Live[C], ...]:
    return tuple(sorted(found, key=lambda live: (live.created is not None, live.created), reverse=True))
