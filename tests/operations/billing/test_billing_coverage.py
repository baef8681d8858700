"""What is covered of Twilio's total, what is not, and figures for which there is no statement."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from billing_samples import OVERAGE, SMS, amounts, month, problems_of, rate, reading, terms, usage

from tenantry.model.usage_reading import TOTAL
from tenantry.operations.billing.rating.values.inputs import MonthUsage
from tenantry.operations.billing.rating.values.margin import compute_margin

DAY = date(2026, 3, 5)
REST = {"label": "Other services", "strategy": "fixed", "markup_percent": 0}
MINUTES = {"count_unit": "calls", "usage_unit": "minutes"}


def _books(statement):
    return statement.tenants[0].reconciliation


def _usage(*extra, total=None):
    found = usage(reading(DAY, "sms", 100), *extra)
    if total is None:
        return found
    whole = (*(row for row in found.whole if row.category != TOTAL), reading(DAY, TOTAL, 0, total))
    return MonthUsage(whole, found.daily)


def test_everything_else_gets_what_no_charge_covers():
    statement = rate(month(terms({"*": REST, "sms": OVERAGE}), used=_usage(reading(DAY, "mms", 3, "0.06"))))
    assert amounts(statement)["2026-03-01/charges/*/cost"] == "0.06"
    assert [charge.name for charge in statement.tenants[0].parts[0].charges] == ["sms", "*"]
    assert not statement.refusals


def test_where_the_total_went_adds_up_to_it():
    extra = (reading(DAY, "mms", 3, "0.06"), reading(DAY, "lookups", 1, "0.005"))
    books = _books(rate(month(terms(absorbed=["lookups"]), used=_usage(*extra, total="0.857"))))
    parts = (books.covered, books.rest, books.absorbed, books.uncovered, books.unexplained)
    assert books.total == sum(parts)
    assert (books.absorbed, books.uncovered) == (Decimal("0.005"), Decimal("0.062"))


def test_a_cost_that_is_absorbed_never_goes_to_everything_else():
    charges = {"*": REST, "sms": OVERAGE}
    statement = rate(month(terms(charges, absorbed=["mms"]), used=_usage(reading(DAY, "mms", 3, "0.06"))))
    assert "2026-03-01/charges/*/cost" not in amounts(statement)


def test_an_uncovered_cost_is_named_and_refuses_closing():
    extra = (reading(DAY, "mms", 3, "0.06"), reading(DAY, "mms-inbound", 3, "0.06"))
    statement = rate(month(terms(), used=_usage(*extra, total="0.85")))
    (refusal,) = statement.refusals
    assert refusal.code == "uncovered_cost"
    assert "no charge covers 0.0600 usd of Twilio's total (mms 0.06)" in refusal.sentence


def test_what_is_covered_inside_a_category_is_not_uncovered():
    charges = {"sms-inbound": OVERAGE}
    inside = usage(reading(DAY, "sms", 0, "1.00", count=Decimal(10)), reading(DAY, "sms-inbound", 4, "0.40"))
    whole = MonthUsage((*(row for row in inside.whole if row.category != TOTAL), reading(DAY, TOTAL, 0, "1.00")))
    statement = rate(month(terms(charges), used=whole))
    assert _books(statement).uncovered_categories == (("sms", Decimal("0.60")),)


@pytest.mark.parametrize("total", ["0.78", "0.80"])
def test_up_to_a_cent_between_categories_and_total_is_a_row(total):
    statement = rate(month(terms(), used=_usage(total=total)))
    assert _books(statement).unexplained == Decimal(total) - Decimal("0.79")
    assert not statement.refusals


def test_more_than_a_cent_above_the_total_is_an_overlap():
    assert problems_of(month(terms(), used=_usage(total="0.7799"))) == ["categories_overlap"]


def test_more_than_a_cent_in_no_category_refuses_closing():
    statement = rate(month(terms(), used=_usage(total="0.8001")))
    assert "in no category" in statement.refusals[0].sentence


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([reading(DAY, "sms", 5, count=None)], "missing_figure"),
        ([reading(DAY, "sms", 5), reading(DAY, "mms", 5, price_unit="eur")], "currencies_differ"),
    ],
)
def test_figures_that_are_missing_or_differ_are_refused(rows, code):
    assert problems_of(month(terms(), used=usage(*rows))) == [code]


def test_a_price_that_twilio_did_not_tell_is_refused():
    rows = (replace(reading(DAY, "sms", 5), price=None), reading(DAY, TOTAL, 0, "0.0395"))
    assert problems_of(month(terms(), used=MonthUsage(rows))) == ["missing_figure"]


def test_a_figure_of_a_category_that_nobody_used_may_be_missing():
    unused = reading(DAY, "sms", 0, "0", count=None, usage=None)
    assert str(rate(month(terms(), used=usage(unused))).total) == "49.99"


def test_usage_without_a_total_is_refused():
    assert problems_of(month(terms(), used=MonthUsage((reading(DAY, "sms", 5),)))) == ["no_totalprice"]


def test_units_that_differ_are_never_added_up():
    charge = OVERAGE | {"usage_categories": ["sms", "calls"], "quantity_of": ["sms", "calls"], "quantity": "usage"}
    rows = (reading(DAY, "sms", 5), reading(DAY, "calls", 5, **MINUTES))
    assert problems_of(month(terms({"sms": charge}), used=usage(*rows))) == ["mixed_units"]


def test_usage_that_is_not_available_is_no_statement():
    assert problems_of(month(terms(), usage=None)) == ["not_available"]


def test_a_cost_in_another_currency_needs_a_rate():
    charges = {"sms": SMS | {"strategy": "fixed", "markup_percent": 0}}
    used = usage(reading(DAY, "sms", 100))
    assert problems_of(month(terms(charges, currency="eur"), used=used)) == ["no_exchange"]
    exchange = {"rate": Decimal("0.5"), "on": "2026-03-31", "source": "ECB"}
    statement = rate(month(terms(charges, base="10.00", currency="eur", exchange=exchange), used=used))
    assert str(statement.total) == "10.40"  # 0.79 × 0.5 = 0.395, half up
    assert compute_margin(statement).cost == Decimal("0.395")


def test_another_currency_is_fine_where_no_price_depends_on_cost():
    statement = rate(month(terms(currency="eur"), used=usage(reading(DAY, "sms", 101))))
    assert str(statement.total) == "50.49"
    assert compute_margin(statement) is None


@pytest.mark.parametrize(("currency", "total"), [("jpy", "33"), ("usd", "32.50"), ("kwd", "32.500")])
def test_amounts_have_the_decimals_of_their_currency(currency, total):
    statement = rate(month(terms(base="32.50", currency=currency)))
    assert str(statement.total) == total


def test_no_usage_at_all_is_the_fee_alone():
    assert [line.kind for line in rate(month(terms())).lines] == ["fee"]
