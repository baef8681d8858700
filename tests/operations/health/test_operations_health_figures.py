"""Every figure as a pure function: good, not good, and not known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tenantry.ledger.health_days import HealthDay
from tenantry.operations.health.facts import Facts, KeyAge
from tenantry.operations.health.figures.equipment import read_drift, read_keys, read_sinks, read_trigger_lag
from tenantry.operations.health.figures.figure import percent_text
from tenantry.operations.health.figures.messages import read_delivered, read_errors, read_throttled
from tenantry.operations.health.figures.registry import FIGURES

NOW = datetime(2026, 4, 4, 12, tzinfo=UTC)
NOTHING = Facts("acme", NOW)
WELL = Facts(
    "acme",
    NOW,
    days=(HealthDay(NOW.date(), 1000, 999, 1, 3, 2, 0),),
    keys=(KeyAge("web#1", 10, 365),),
    sinks_failed=(),
    drift=(0, 0),
    lags=(timedelta(seconds=3),),
)


def day(**counts: int) -> Facts:
    return replace(WELL, days=(replace(WELL.days[0], **counts),))


def test_every_figure_is_told_apart_and_has_a_source_and_a_remedy():
    assert len({figure.name for figure in FIGURES}) == len(FIGURES)
    assert all(figure.source and figure.remedy.endswith(".") for figure in FIGURES)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_a_figure_that_nobody_could_know_is_not_good(figure):
    assert figure.compute(NOTHING).state == "unknown"
    assert figure.compute(WELL).state == "good"


@pytest.mark.parametrize(
    ("read", "facts", "state", "text"),
    [
        (read_delivered, WELL, "good", "99.90 %, 999 of 1000 delivered, 3 for the recipient's own reasons"),
        (
            read_delivered,
            day(delivered=1, undelivered=3),
            "attention",
            "1 of 4 delivered, 3 for the recipient's own reasons",
        ),
        (read_delivered, day(delivered=0, undelivered=0, excluded=0), "good", "no message"),
        (read_errors, day(errors=200), "attention", "20.00 %, 200 for 1000 messages"),
        (read_throttled, day(throttled=11), "attention", "11 for 1000 messages"),
        (read_throttled, day(throttled=10), "good", "10 for 1000 messages"),
        (read_trigger_lag, replace(WELL, lags=()), "good", "no trigger fired"),
        (read_trigger_lag, replace(WELL, lags=(timedelta(minutes=6),)), "attention", "360 s at most, of 1 callback"),
        (read_keys, replace(WELL, keys=()), "good", "no key"),
        (
            read_keys,
            replace(WELL, keys=(KeyAge("web#1", 366, 365),)),
            "attention",
            "1 too old: web#1 (366 days, limit 365)",
        ),
        (read_sinks, replace(WELL, sinks_failed=("debugger",)), "alarm", "1 failed: debugger"),
        (read_drift, replace(WELL, drift=(0, 2)), "attention", "0 high, 2 low"),
        (read_drift, replace(WELL, drift=(1, 0)), "alarm", "1 high, 0 low"),
    ],
)
def test_a_figure_says_what_it_is(read, facts, state, text):
    assert (read(facts).state, read(facts).text) == (state, text)


def test_a_reason_is_told():
    assert (
        read_keys(replace(NOTHING, unreadable={"keys": "Twilio answered 503"})).text == "not known: Twilio answered 503"
    )


def test_a_share_is_never_rounded_up_to_all():
    assert percent_text(99_999, 100_000) == "99.99 %"
