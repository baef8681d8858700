"""What is left of a budget: how many failures an objective allows, and how many there were."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from tenantry.ledger.health_days import HealthDay
from tenantry.operations.health.burn import LEAST_BAD, Burn, find_burns
from tenantry.operations.health.facts import Facts, Outcome

Name = Literal["delivered_percent", "errors_percent"]
State = Literal["ok", "burning", "missed", "unknown"]
Counts = tuple[int, int]
"""How many in all, and how many of them are bad."""


@dataclass(frozen=True)
class Objective:
    """One objective of a tenant, and how it stands."""

    name: Name
    percent: Decimal
    days: int
    days_known: int
    total: int
    bad: int
    allowed: Fraction
    """The share of failures that it allows."""
    burns: tuple[Burn, ...]

    @property
    def budget(self) -> Fraction:
        """How many failures it allows of so much traffic."""
        return self.total * self.allowed

    @property
    def budget_left(self) -> Fraction | None:
        """The share of the budget that is left, below 0 where it is overdrawn; None without traffic."""
        return 1 - Fraction(self.bad) / self.budget if self.total else None

    @property
    def state(self) -> State:
        """Whether it burns now, or is missed already; where there is little traffic, a few failures are neither."""
        if any(burn.burns for burn in self.burns):
            return "burning"
        if self.budget_left is None:
            return "unknown"
        return "missed" if self.budget_left < 0 and self.bad >= LEAST_BAD else "ok"


def find_objectives(facts: Facts) -> tuple[Objective, ...]:
    """Return the objectives of a tenant that has any."""
    return tuple(_objectives(facts))


def _objectives(facts: Facts) -> Iterator[Objective]:
    slo, recent = facts.slo, facts.recent
    if slo is None:
        return
    if slo.delivered_percent is not None:
        allowed = 1 - Fraction(slo.delivered_percent) / 100
        events = recent.messages if recent else ()
        yield _objective(facts, "delivered_percent", slo.delivered_percent, allowed, events, _delivery_counts)
    if slo.errors_percent is not None:
        allowed = Fraction(slo.errors_percent) / 100
        yield _objective(facts, "errors_percent", slo.errors_percent, allowed, _error_events(facts), _error_counts)


def _objective(
    facts: Facts,
    name: Name,
    percent: Decimal,
    allowed: Fraction,
    events: tuple[Outcome, ...],
    counts: Callable[[HealthDay], Counts | None],
) -> Objective:
    days = [found for day in facts.days_since(facts.window_first) if (found := counts(day)) is not None]
    window = facts.slo.window_days if facts.slo else 0
    known_since = facts.recent.since if facts.recent else facts.now
    return Objective(
        name=name,
        percent=percent,
        days=window,
        days_known=len(days),
        total=sum(total for total, _ in days),
        bad=sum(bad for _, bad in days),
        allowed=allowed,
        burns=find_burns(events, facts.now, allowed, window, known_since),
    )


def _delivery_counts(day: HealthDay) -> Counts:
    return day.delivered + day.undelivered, day.undelivered


def _error_counts(day: HealthDay) -> Counts | None:
    return None if day.errors is None else (day.messages, day.errors)


def _error_events(facts: Facts) -> tuple[Outcome, ...]:
    """Return what a rate of errors to messages is made from."""
    recent = facts.recent
    if recent is None or recent.errors is None:
        return ()
    return (*(Outcome(at, 1, 0) for at in recent.sent), *(Outcome(at, 0, 1) for at in recent.errors))
