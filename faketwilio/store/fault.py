"""Faults on order: what shall go wrong with the next requests that match."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatchcase
from typing import Any

from faketwilio.store.request_log import Visit

AFTER = "-after-commit"
OPTIONS: dict[str, frozenset[str]] = {
    "503": frozenset({"retry_after", "ms"}),
    "429": frozenset({"retry_after", "ms"}),
    "error": frozenset({"status", "code", "message", "retry_after", "ms"}),
    "html": frozenset({"status", "ms"}),
    "drop": frozenset({"ms"}),
    "reset": frozenset({"ms"}),
    "latency": frozenset({"ms"}),
    "truncate": frozenset(),
    "slow-body": frozenset({"ms"}),
    "clock-skew": frozenset({"seconds"}),
}
"""What each mode takes besides the fields that say which requests it is about."""
BEFORE_ONLY = frozenset({"429", "truncate", "slow-body", "clock-skew"})
"""Twilio never processes what it answers with 429; the other three change the answer to what was done."""
MODES = tuple(OPTIONS) + tuple(f"{mode}{AFTER}" for mode in OPTIONS if mode not in BEFORE_ONLY)
NEEDED = {"latency": "ms", "slow-body": "ms", "clock-skew": "seconds"}


@dataclass(frozen=True)
class Fault:
    """One order: it lets `skip` matching requests pass, then hits `times` of them (None: all), or some by chance."""

    mode: str
    method: str | None = None
    host: str | None = None
    path: str | None = None
    path_contains: str | None = None
    account: str | None = None
    times: int | None = 1
    skip: int = 0
    probability: float | None = None
    seed: int = 0
    status: int | None = None
    code: int | None = None
    message: str | None = None
    retry_after: int | None = None
    ms: int | None = None
    seconds: int | None = None
    matched: int = 0

    def __post_init__(self) -> None:
        """Raise ValueError for what could hit no request, or something else than was meant."""
        _require_known_mode(self.mode)
        if self.method is not None and self.method != self.method.upper():
            raise ValueError(f"method of a fault is in capitals as in requests, not {self.method!r}")

    @property
    def act(self) -> str:
        """The mode without its moment."""
        return self.mode.removesuffix(AFTER)

    @property
    def is_after_commit(self) -> bool:
        return self.mode.endswith(AFTER)

    def matches(self, visit: Visit, query: str) -> bool:
        """Whether this order is about that request; `account` is the one whose credentials it has."""
        return (
            self.method in (None, visit.method)
            and self.host in (None, visit.host)
            and self.account in (None, visit.account)
            and (self.path is None or fnmatchcase(visit.path, self.path))
            and (self.path_contains or "") in (f"{visit.path}?{query}" if query else visit.path)
        )

    def hits(self) -> bool:
        """Whether chance lets it hit this match: the same seed draws the same for the first, second, third…"""
        if self.probability is None:
            return True
        return random.Random(f"{self.seed} {self.matched}").random() < self.probability  # noqa: S311 - a test's dice


def fault_of(values: Mapping[str, Any]) -> Fault:
    """A fault as ordered in JSON; raises ValueError with what is possible."""
    given = {name: value for name, value in values.items() if value is not None or name == "times"}
    mode = _require_known_mode(given.get("mode"))
    _refuse_unknown(mode, values)
    for name, value in given.items():
        good, what = CHECKS[name]
        if not good(value):
            raise ValueError(f"{name} of a fault is {what}, not {value!r}")
    needed = NEEDED.get(mode.removesuffix(AFTER))
    if needed and needed not in given:
        raise ValueError(f"a fault {mode} needs {needed}: {CHECKS[needed][1]}")
    if "probability" in given:
        given.setdefault("times", None)
    return Fault(**given)


def take(faults: list[Fault], visit: Visit, query: str) -> Fault | None:
    """The fault that hits this request, used up by it; the first order that matches, and that chance lets, decides."""
    for place, fault in enumerate(faults):
        if fault.times == 0 or not fault.matches(visit, query):
            continue
        faults[place] = replace(fault, matched=fault.matched + 1)
        if fault.skip:
            faults[place] = replace(faults[place], skip=fault.skip - 1)
            return None
        if fault.hits():
            remaining = None if fault.times is None else fault.times - 1
            faults[place] = replace(faults[place], times=remaining)
            return fault
    return None


def _require_known_mode(mode: object) -> str:
    if not isinstance(mode, str) or mode not in MODES:
        raise ValueError(f"no fault mode {mode!r}; there are {', '.join(MODES)}")
    return mode


def _refuse_unknown(mode: str, values: Mapping[str, Any]) -> None:
    optional = frozenset[str]().union(*OPTIONS.values())
    common = {field.name for field in fields(Fault)} - optional - {"matched"}
    known = common | OPTIONS[mode.removesuffix(AFTER)]
    unknown = {
        name for name, value in values.items() if name not in known and (value is not None or name not in optional)
    }
    if unknown:
        raise ValueError(f"no {', '.join(sorted(unknown))} in a fault {mode}; there are {', '.join(sorted(known))}")


def _make_whole_check(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


LONGEST = 600_000  # ms: a request that waits longer than ten minutes tests nobody
CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "mode": (_is_text, "text"),
    "method": (_is_text, "text, or null for any"),
    "host": (_is_text, "text, or null for any"),
    "path": (_is_text, "a pattern of the whole path with * and ?, or null for any"),
    "path_contains": (_is_text, "text, or null for any"),
    "account": (_is_text, "text, or null for any"),
    "times": (lambda value: value is None or _make_whole_check(0, 10**9)(value), "a whole number, or null for always"),
    "skip": (_make_whole_check(0, 10**9), "a whole number"),
    "probability": (_is_share, "a number from 0 to 1"),
    "seed": (_make_whole_check(-(10**18), 10**18), "a whole number"),
    "status": (_make_whole_check(200, 599), "an HTTP status from 200 to 599"),
    "code": (_make_whole_check(0, 10**9), "a whole number, Twilio's code of the error"),
    "message": (_is_text, "text"),
    "retry_after": (_make_whole_check(0, 10**9), "a whole number of seconds"),
    "ms": (_make_whole_check(0, LONGEST), f"a whole number of milliseconds up to {LONGEST}"),
    "seconds": (_make_whole_check(-(10**9), 10**9), "a whole number of seconds"),
}
