"""Amendments: a month in parts, and what stays one."""

from datetime import date
from decimal import Decimal

import pytest
from billing_samples import CREDITS, amounts, lot, month, problems_of, rate, sms, terms

from tenantry.operations.billing.rating.values.customer_statement import make_customer_statement
from tenantry.operations.billing.rating.values.inputs import MonthUsage

MIDDLE = date(2026, 3, 16)
USED = sms({1: 60, 15: 20, 16: 70, 31: 40})


def test_an_amendment_that_changes_nothing_changes_no_byte():
    plain = rate(month(terms(), used=USED))
    amended = rate(month(terms(), (MIDDLE, terms()), used=USED))
    assert repr(make_customer_statement(amended)) == repr(make_customer_statement(plain))
    assert [line.key for line in amended.lines] == [line.key for line in plain.lines]


@pytest.mark.parametrize(("day", "parts"), [(date(2026, 4, 1), 1), (date(2026, 3, 31), 2), (date(2026, 3, 1), 1)])
def test_an_amendment_begins_a_part_only_inside_the_month(day, parts):
    statement = rate(month(terms(), (day, terms(base="1.00")), used=USED))
    assert len(statement.tenants[0].parts) == parts


def test_a_part_of_one_day_is_named_by_that_day():
    statement = rate(month(terms(), (date(2026, 3, 31), terms(base="1.00"))))
    details = [line.detail for line in statement.lines]
    assert details == ["30 of 31 days, 2026-03-01 to 2026-03-30", "1 of 31 days, 2026-03-31"]


def test_an_amendment_before_billing_begins_is_in_force_from_the_start():
    statement = rate(month(terms(), (date(2026, 3, 5), terms(base="31.00")), billed_from=MIDDLE))
    assert amounts(statement) == {"2026-03-16/fees/base": "16.00"}


def test_the_last_of_two_amendments_of_a_day_counts():
    statement = rate(month(terms(), (MIDDLE, terms(base="1.00")), (MIDDLE, terms(base="31.00"))))
    assert amounts(statement)["2026-03-16/fees/base"] == "16.00"


def test_parts_share_all_units_of_the_month():
    statement = rate(month(terms(), (MIDDLE, terms(base="1.00")), used=USED))
    charges = [charge.units for part in statement.tenants[0].parts for charge in part.charges]
    assert charges == [80, 110]


def test_discount_minimum_and_tax_are_once_with_the_last_parts_percent():
    first = terms(discount={"percent": 50}, minimum=Decimal(310), tax={"label": "VAT", "percent": 5})
    last = terms(base="62.00", discount={"percent": 10}, minimum=Decimal(620), tax={"label": "VAT", "percent": 20})
    found = amounts(rate(month(first, (MIDDLE, last))))
    assert found == {
        "2026-03-01/fees/base": "24.19",
        "2026-03-16/fees/base": "32.00",
        "discount": "-5.62",
        "minimum": "419.43",  # 310 × 15/31 + 620 × 16/31 = 470.00, less 50.57
        "tax": "94.00",
    }


def test_a_split_month_needs_readings_by_day():
    whole = MonthUsage(USED.whole)
    assert problems_of(month(terms(), (MIDDLE, terms(base="1.00")), used=whole)) == ["no_daily_readings"]


def test_a_month_and_its_days_that_differ_are_a_note():
    unequal = MonthUsage(sms({1: 61}).whole, sms({1: 60}).daily)
    (tenant,) = rate(month(terms(), (MIDDLE, terms(base="1.00")), used=unequal)).tenants
    assert "sms: count of the month is 61, and its days add up to 60" in tenant.reconciliation.notes


def test_terms_of_two_currencies_in_one_month_are_refused():
    assert problems_of(month(terms(), (MIDDLE, terms(currency="eur")), used=USED)) == ["currencies_differ"]


def test_lots_go_on_from_one_part_to_the_next():
    charges = {"sms": CREDITS}
    lots = (lot(1, date(2026, 3, 1), date(2026, 12, 31), units=100),)
    statement = rate(month(terms(charges), (MIDDLE, terms(charges, base="1.00")), used=USED, lots=lots))
    found = amounts(statement)
    assert found["2026-03-16/charges/sms/empty"] == "2.70"  # 190 − 100 = 90 at 0.03
    assert "2026-03-01/charges/sms/empty" not in found
