"""Faults on order: what shall go wrong with the next requests that match."""

from dataclasses import dataclass, fields, replace
from typing import Any

from tenantry.fake.journal import Visit

MODES = ("503", "503-after-commit", "429", "drop", "drop-after-commit")


@dataclass(frozen=True)
class Fault:
    """One order: it lets `skip` matching requests pass, then hits `times` of them."""

    mode: str
    method: str | None = None
    host: str | None = None
    path_contains: str | None = None
    account: str | None = None
    times: int = 1
    skip: int = 0
    retry_after: int | None = None

    def matches(self, visit: Visit, query: str) -> bool:
        """Whether this order is about that request; `account` is the one whose credentials it has."""
        return (
            self.method in (None, visit.method)
            and self.host in (None, visit.host)
            and self.account in (None, visit.account)
            and (self.path_contains or "") in (f"{visit.path}?{query}" if query else visit.path)
        )


def fault_of(values: dict[str, Any]) -> Fault:
    """A fault as ordered in JSON; raises ValueError with what is possible."""
    known = {field.name: field.type for field in fields(Fault)}
    if unknown := set(values) - set(known):
        raise ValueError(f"no {', '.join(sorted(unknown))} in a fault; there are {', '.join(known)}")
    if values.get("mode") not in MODES:
        raise ValueError(f"no fault mode {values.get('mode')!r}; there are {', '.join(MODES)}")
    for name in ("times", "skip", "retry_after"):
        number = values.get(name, 0)
        missing_is_fine = name == "retry_after" and number is None
        if not missing_is_fine and (type(number) is not int or number < 0):
            raise ValueError(f"{name} of a fault is a whole number, not {number!r}")
    for name in ("method", "host", "account", "path_contains"):
        if not isinstance(values.get(name), str | None):
            raise ValueError(f"{name} of a fault is text or null for any, not {values[name]!r}")  # noqa: TRY004 - one kind
    return Fault(**values)


def take(faults: list[Fault], visit: Visit, query: str) -> Fault | None:
    """The fault that hits this request, used up by it; the first order that matches decides."""
    for place, fault in enumerate(faults):
        if fault.times and fault.matches(visit, query):
            if fault.skip:
                faults[place] = replace(fault, skip=fault.skip - 1)
                return None
            faults[place] = replace(fault, times=fault.times - 1)
            return fault
    return None
