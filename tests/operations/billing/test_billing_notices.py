"""What the application is told of credits when a statement is closed."""

from datetime import date

import pytest
from billing_samples import ACME, CREDITS, lot, month, rate, sms, terms

from tenantry.ledger.values import StackRef
from tenantry.operations.billing.bill import StatementPlan
from tenantry.operations.billing.notices import make_notices

STOP = CREDITS | {"when_empty": "stop"}
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def list_credit_notices(charge, used, lots=()):
    """Return the type and text of each notice about credits of a month with so many text messages."""
    statement = rate(month(terms({"sms": charge}), used=sms({5: used} if used else {}), lots=lots))
    notices = make_notices(StackRef("AC" + "1" * 32), StatementPlan(ACME, "acme", ()), statement)
    return [(notice.type, notice.payload["units_left"]) for notice in notices if notice.type.startswith("credits.")]


@pytest.mark.parametrize(
    ("charge", "used", "notices"),
    [(STOP, 0, []), (STOP, 5, [("credits.empty", "0")]), (CREDITS, 5, [])],
    ids=["nothing used", "nobody pays", "each unit has a price"],
)
def test_without_a_lot_only_units_that_nobody_pays_are_a_notice(charge, used, notices):
    assert list_credit_notices(charge, used) == notices


@pytest.mark.parametrize(
    ("used", "notices"),
    [(100, []), (460, [("credits.low", "40")]), (500, [("credits.empty", "0")])],
)
def test_a_lot_that_runs_low_or_out_is_a_notice(used, notices):
    assert list_credit_notices(CREDITS, used, (lot(1, FIRST, LAST),)) == notices


def test_a_lot_that_ran_out_earlier_is_no_notice_again():
    assert list_credit_notices(STOP, 0, (lot(1, FIRST, LAST, units_left=0),)) == []
