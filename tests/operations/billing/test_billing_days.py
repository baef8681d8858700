"""By days: which days a base fee, included units and a minimum run on."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from billing_samples import amounts, month, problems_of, rate, sms, terms

from tenantry.model.suspension import Suspended
from tenantry.model.usage_period import month_of
from tenantry.operations.billing.rating.parts import find_billed_days, split_month

FEE = "2026-03-01/fees/base"


def _fee(*dated, **more):
    return amounts(rate(month(*dated, **more)))


def _at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("billed", "first_month", "last_month", "fee", "included"),
    [
        ({}, "by_days", "by_days", "31.00", 100),
        ({"billed_from": date(2026, 3, 1)}, "by_days", "by_days", "31.00", 100),
        ({"billed_from": date(2026, 3, 31)}, "by_days", "by_days", "1.00", 4),
        ({"billed_until": date(2026, 3, 1)}, "by_days", "by_days", "1.00", 4),
        ({"billed_until": date(2026, 3, 20)}, "by_days", "full", "31.00", 100),
        ({"billed_until": date(2026, 3, 20)}, "full", "by_days", "20.00", 65),
        ({"billed_from": date(2026, 3, 11), "billed_until": date(2026, 3, 20)}, "by_days", "by_days", "10.00", 33),
        ({"billed_from": date(2026, 3, 11), "billed_until": date(2026, 3, 20)}, "full", "by_days", "20.00", 65),
        ({"billed_from": date(2026, 3, 11), "billed_until": date(2026, 3, 20)}, "full", "full", "31.00", 100),
        ({"billed_from": date(2026, 3, 11)}, "free", "by_days", "0.00", 100),
        ({"billed_from": date(2026, 3, 1)}, "free", "by_days", "0.00", 100),
        ({"billed_from": date(2025, 1, 1)}, "free", "by_days", "31.00", 100),
    ],
)
def test_ends_of_billing_shorten_fee_and_included_units(billed, first_month, last_month, fee, included):
    whole = month(terms(base="31.00", first_month=first_month, last_month=last_month), used=sms({15: 200}), **billed)
    statement = rate(whole)
    (base,) = (line for line in statement.lines if line.kind == "fee")
    (inside,) = (line for line in statement.lines if line.key.endswith("included"))
    assert (str(base.amount), inside.quantity) == (fee, included)


def test_both_ends_are_billed():
    found = find_billed_days(month(terms(), billed_from=date(2026, 3, 15), billed_until=date(2026, 3, 16)))
    assert (found.first, found.last, found.days) == (date(2026, 3, 15), date(2026, 3, 16), 2)


@pytest.mark.parametrize("billed", [{"billed_from": date(2026, 4, 1)}, {"billed_until": date(2026, 2, 28)}])
def test_a_month_without_a_billed_day_has_no_statement(billed):
    assert problems_of(month(terms(), **billed)) == ["not_billed"]


@pytest.mark.parametrize(("year", "days"), [(2026, 28), (2028, 29)])
def test_february_has_the_days_of_its_year(year, days):
    february = month_of(year, 2)
    first = date(year, 2, 15)
    statement = rate(month(terms(base=str(days)), period=february, billed_from=first))
    assert str(statement.total) == f"{days - 14}.00"


@pytest.mark.parametrize(
    ("spans", "fee"),
    [
        ([("nonpayment", _at(10), _at(12))], "29.00"),
        ([("nonpayment", _at(10, 1), _at(12))], "30.00"),
        ([("nonpayment", _at(10), _at(11, 23))], "30.00"),
        ([("nonpayment", _at(20), None)], "19.00"),
        ([("cap", _at(10), _at(12))], "31.00"),
        ([("cap", _at(10), _at(12)), ("nonpayment", _at(11), _at(14))], "29.00"),
        ([("nonpayment", _at(10), _at(10, 12)), ("fraud", _at(10, 12), _at(11))], "30.00"),
        ([("nonpayment", _at(10), _at(20)), ("fraud", _at(12), _at(14))], "21.00"),
        ([("nonpayment", _at(1), None), ("fraud", _at(12), _at(14))], "0.00"),
        ([], "31.00"),
    ],
)
def test_whole_suspended_days_are_free_except_for_a_cap(spans, fee):
    suspensions = tuple(Suspended(*span) for span in spans)
    free = month(terms(base="31.00", suspended_days="free"), suspensions=suspensions)
    charged = month(terms(base="31.00"), suspensions=suspensions)
    assert str(rate(free).total) == fee
    assert str(rate(charged).total) == "31.00"


def test_suspended_days_take_nothing_from_included_units():
    spans = (Suspended("nonpayment", _at(10), _at(20)),)
    statement = rate(month(terms(suspended_days="free"), used=sms({1: 100}), suspensions=spans))
    assert amounts(statement)["2026-03-01/charges/sms/included"] == "0.00"
    assert not any(line.key.endswith("overage") for line in statement.lines)


@pytest.mark.parametrize(("once", "setup"), [("2026-03-15", True), ("2026-02-28", False), ("2026-04-01", False)])
def test_a_setup_fee_is_charged_in_its_month_and_whole(once, setup):
    fees = {"base": Decimal("31.00"), "setup": {"amount": Decimal("99.00"), "once": once}}
    found = amounts(rate(month(terms(fees=fees), billed_from=date(2026, 3, 31))))
    assert found.get("2026-03-31/fees/setup") == ("99.00" if setup else None)
    assert found["2026-03-31/fees/base"] == "1.00"


@pytest.mark.parametrize("once", ["2026-03-02", "2026-03-20"])
def test_a_setup_fee_is_charged_once_in_a_month_of_two_parts(once):
    setup = {"amount": Decimal("99.00"), "once": once}
    small, large = terms(fees={"setup": setup}), terms(fees={"setup": setup, "base": Decimal("31.00")})
    found = amounts(rate(month(small, (date(2026, 3, 16), large))))
    assert [key for key in found if key.endswith("setup")] == ["2026-03-16/fees/setup"]


def test_a_setup_fee_that_an_amendment_drops_is_charged():
    small, large = terms(fees={"setup": {"amount": Decimal(99), "once": "2026-03-02"}}), terms()
    assert amounts(rate(month(small, (date(2026, 3, 16), large))))["2026-03-01/fees/setup"] == "99.00"


def test_parts_have_the_missing_days_at_their_ends():
    full = terms(first_month="full", last_month="full")
    other = terms(base="9.00", first_month="full", last_month="full")
    dated = (full, (date(2026, 3, 16), other))
    parts = split_month(month(*dated, billed_from=date(2026, 3, 10), billed_until=date(2026, 3, 20)))
    assert [(part.first.day, part.last.day, part.included_days) for part in parts] == [(10, 15, 15), (16, 20, 16)]
    assert [len(part.charged_days) for part in parts] == [15, 16]
