"""What a figure is, and what it comes to for one tenant."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tenantry.operations.health.facts import Facts

State = Literal["good", "attention", "alarm", "unknown"]


@dataclass(frozen=True)
class Reading:
    """A figure of one tenant: in words, and whether somebody has to look."""

    state: State
    text: str


@dataclass(frozen=True)
class Figure:
    """A figure: where it comes from, what to do where it is not good, and the pure function that computes it."""

    name: str
    title: str
    source: str
    remedy: str
    compute: Callable[[Facts], Reading]


UNASKED = {"drift": "it was not asked for; --drift does", "trigger lag": "no receiver keeps callbacks in a ledger"}
"""Why a figure is not known where no question failed."""


def unknown(facts: Facts, what: str) -> Reading:
    """Return the reading of a figure that nobody could know, with the reason where there is one."""
    reason = facts.unreadable.get(what) or UNASKED.get(what)
    return Reading("unknown", f"not known: {reason}" if reason else "not known")


def percent_text(part: int, whole: int) -> str:
    """Return a share in percent, rounded down to hundredths, so that 99.999 is never called 100."""
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02} %"
