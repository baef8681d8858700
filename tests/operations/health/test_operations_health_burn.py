"""Burn windows and budgets, as pure functions of what happened."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from tenantry.ledger.health_days import HealthDay
from tenantry.model.slo import Slo
from tenantry.operations.health.burn import WINDOWS, find_burns
from tenantry.operations.health.facts import Facts, Outcome, Recent
from tenantry.operations.health.objectives import find_objectives

NOW = datetime(2026, 4, 4, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)
TWO_PERCENT = Fraction(2, 100)


def events(*spans: tuple[float, int, int]) -> list[Outcome]:
    """Return messages: so many minutes ago, how many in all, how many of them bad."""
    found = []
    for minutes, total, bad in spans:
        at = NOW - timedelta(minutes=minutes)
        found += [Outcome(at, 1, int(number < bad)) for number in range(total)]
    return found


def burning(*spans: tuple[float, int, int], days: int = 30) -> list[str]:
    found = find_burns(events(*spans), NOW, TWO_PERCENT, days, LONG_AGO)
    return [str(burn.window.long) for burn in found if burn.burns]


def test_the_factors_are_those_of_the_workbook():
    assert [float(window.factor(30)) for window in WINDOWS] == [14.4, 6, 1]


def test_a_fast_burn_needs_the_long_and_the_short_window():
    assert burning((2, 100, 40)) == ["1:00:00", "6:00:00", "3 days, 0:00:00"]
    assert burning((50, 100, 40), (2, 100, 0)) == ["3 days, 0:00:00"]


def test_a_burn_that_is_over_says_so():
    found = find_burns(events((50, 100, 40), (2, 100, 0)), NOW, TWO_PERCENT, 30, LONG_AGO)
    assert [(burn.burns, burn.is_over) for burn in found] == [(False, False), (False, True), (True, False)]
    over = find_burns(events((50, 100, 80), (2, 100, 0)), NOW, TWO_PERCENT, 30, LONG_AGO)[0]
    assert (over.burns, over.is_over) == (False, True)


def test_a_slow_burn_is_a_ticket():
    assert burning((300, 1000, 25)) == ["3 days, 0:00:00"]


def test_exactly_the_threshold_burns_and_just_below_does_not():
    assert "6:00:00" in burning((10, 1000, 120))
    assert "6:00:00" not in burning((10, 1000, 119))


def test_low_traffic_is_told_by_counts_and_burns_from_five_failures():
    assert burning((2, 4, 4)) == []
    assert "1:00:00" in burning((2, 5, 5))
    [burn] = [found for found in find_burns(events((2, 3, 1)), NOW, TWO_PERCENT, 30, LONG_AGO) if found.bad][:1]
    assert (burn.is_low, burn.total, burn.bad) == (True, 3, 1)


def test_a_window_that_is_not_known_whole_is_left_out():
    found = find_burns(events((2, 100, 40)), NOW, TWO_PERCENT, 30, NOW - timedelta(hours=2))
    assert [str(burn.window.long) for burn in found] == ["1:00:00"]


def test_a_window_longer_than_the_objective_is_left_out():
    assert [str(burn.window.long) for burn in find_burns([], NOW, TWO_PERCENT, 1, LONG_AGO)] == ["1:00:00", "6:00:00"]


def facts(bad: int, total: int = 1000, errors: int | None = 0) -> Facts:
    day = HealthDay(NOW.date(), total, total - bad, bad, 0, errors, 0)
    slo = Slo(delivered_percent=Decimal(98), errors_percent=Decimal(2))
    return Facts("acme", NOW, slo, days=(day,), recent=Recent(NOW))


@pytest.mark.parametrize(
    ("bad", "share", "state"),
    [(0, 1, "ok"), (10, Fraction(1, 2), "ok"), (20, 0, "ok"), (21, Fraction(-1, 20), "missed")],
)
def test_a_budget_is_used_up_by_failures(bad, share, state):
    delivered, _ = find_objectives(facts(bad))
    assert (delivered.budget_left, delivered.state) == (share, state)


def test_a_few_failures_of_little_traffic_miss_nothing():
    delivered, _ = find_objectives(facts(4, 4))
    assert (delivered.budget_left, delivered.state) == (Fraction(-49), "ok")


def test_errors_are_held_against_messages():
    _, errors = find_objectives(facts(0, errors=30))
    assert (errors.total, errors.bad, errors.state) == (1000, 30, "missed")


def test_what_nobody_could_know_is_no_success():
    _, errors = find_objectives(facts(0, errors=None))
    assert (errors.days_known, errors.state, errors.budget_left) == (0, "unknown", None)
