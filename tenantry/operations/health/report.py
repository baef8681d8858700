"""From facts to the report."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from fractions import Fraction

from tenantry.operations.health.burn import Burn
from tenantry.operations.health.facts import Facts
from tenantry.operations.health.figures.registry import FIGURES
from tenantry.operations.health.objectives import Objective, find_objectives
from tenantry.operations.health.values import (
    BurnReport,
    FigureAbout,
    FigureReport,
    FigureState,
    ObjectiveReport,
    TenantHealth,
)

WORST: tuple[FigureState, ...] = ("alarm", "attention", "unknown", "good")
OF_OBJECTIVE: dict[str, FigureState] = {"burning": "alarm", "missed": "alarm", "ok": "good", "unknown": "good"}
ABOUT = tuple(
    FigureAbout(name=figure.name, label=figure.title, source=figure.source, remedy=figure.remedy) for figure in FIGURES
)
_MINUTE = timedelta(minutes=1)


def report_tenants(found: Iterable[tuple[Facts, str | None]]) -> tuple[TenantHealth, ...]:
    """Return how tenants fare, the worst first; each comes with its name for people."""
    tenants = [report_tenant(facts, name) for facts, name in found]
    return tuple(sorted(tenants, key=lambda tenant: (WORST.index(tenant.state), tenant.tenant)))


def report_tenant(facts: Facts, name: str | None) -> TenantHealth:
    """Return how one tenant fares; a resting one has no figures."""
    figures = () if facts.resting else tuple(_figures(facts))
    objectives = tuple(_objective(objective) for objective in find_objectives(facts)) if facts.days else ()
    states = [figure.state for figure in figures] + [OF_OBJECTIVE[objective.state] for objective in objectives]
    known = [state for state in states if state != "unknown" or facts.unreadable]
    return TenantHealth(
        tenant=facts.tenant,
        name=name,
        state=min(known, key=WORST.index, default="good"),
        resting=facts.resting,
        figures=figures,
        objectives=objectives,
        failed=tuple(dict.fromkeys(facts.unreadable.values())),
    )


def is_broken(tenant: TenantHealth) -> bool:
    """Return whether an objective of a tenant burns or is missed."""
    return any(objective.state in ("burning", "missed") for objective in tenant.objectives)


def hundredths(share: Fraction) -> str:
    """Return a share in percent to a hundredth, rounded down: what is 99.999 is never called 100."""
    number = share.numerator * 10_000 // share.denominator
    sign = "-" if number < 0 else ""
    return f"{sign}{abs(number) // 100}.{abs(number) % 100:02}"


def _figures(facts: Facts) -> Iterable[FigureReport]:
    for figure in FIGURES:
        reading = figure.compute(facts)
        yield FigureReport(name=figure.name, state=reading.state, text=reading.text)


def _objective(objective: Objective) -> ObjectiveReport:
    share = Fraction(objective.bad, objective.total) if objective.total else None
    reached = share if share is None or objective.name == "errors_percent" else 1 - share
    return ObjectiveReport(
        name=objective.name,
        percent=f"{objective.percent:f}",
        window_days=objective.days,
        days_known=objective.days_known,
        total=objective.total,
        bad=objective.bad,
        reached_percent=None if reached is None else hundredths(reached),
        allowed=str(objective.budget.numerator // objective.budget.denominator),
        left_percent=None if objective.budget_left is None else hundredths(objective.budget_left),
        state=objective.state,
        windows=_windows(objective.burns),
    )


def _windows(burns: Sequence[Burn]) -> tuple[BurnReport, ...]:
    return tuple(
        BurnReport(
            severity=burn.window.severity,
            long_minutes=burn.window.long // _MINUTE,
            short_minutes=burn.window.short // _MINUTE,
            threshold=_times(burn.threshold),
            factor=None if burn.factor is None else _times(burn.factor),
            total=burn.total,
            bad=burn.bad,
            burns=burn.burns,
            by_counts=burn.is_low,
            is_over=burn.is_over,
        )
        for burn in burns
    )


def _times(factor: Fraction) -> str:
    tenths = factor.numerator * 10 // factor.denominator
    return f"{tenths // 10}.{tenths % 10}"
