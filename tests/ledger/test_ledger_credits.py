"""Purchases of credits and adjustments: recorded once, found again, and never used beyond what was bought."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from ledger_statements import STACK, close, closing_of

from tenantry.ledger.adjustments import NewAdjustment, add_adjustment, list_open_adjustments
from tenantry.ledger.closing import void_statement
from tenantry.ledger.credits import CreditUse, Purchase, add_purchases, list_lots, sum_used_units
from tenantry.ledger.errors import OutdatedError, TakenRefError
from tenantry.ledger.statements import list_statements
from tenantry.model.money import nano_of

PACK = Purchase(
    stack=STACK,
    tenant="acme",
    charge="sms",
    pack="p100",
    credits=Decimal(100),
    units=Decimal(500),
    price=nano_of(10),
    currency="usd",
    first_day=date(2026, 3, 2),
    last_day=date(2026, 3, 20),
    ref="PAY-1",
    by="ana",
)
CREDIT = NewAdjustment(STACK, "acme", nano_of(Decimal("-5.00")), "usd", "an outage", "OWL-1", "ana")


def test_a_purchase_comes_back_as_a_lot(ledger, clock):
    lot = add_purchases(ledger, [PACK])[0].value
    assert (lot.purchase, lot.at) == (PACK, clock.now)
    assert list_lots(ledger, STACK, "acme") == list_lots(ledger, STACK) == (lot,)
    assert list_lots(ledger, STACK, "birch") == ()


def test_a_purchase_is_recorded_once(ledger):
    [first, second] = add_purchases(ledger, [PACK, replace(PACK, by="ben")])
    assert (first.is_new, second.is_new, second.value) == (True, False, first.value)


@pytest.mark.parametrize("change", [{"units": Decimal(501)}, {"tenant": "birch"}, {"last_day": date(2026, 3, 21)}])
def test_the_reference_of_another_purchase_is_refused(ledger, change):
    add_purchases(ledger, [PACK])
    with pytest.raises(TakenRefError, match=r"'PAY-1' is that of a purchase of acme \(p100 on 2026-03-02\)"):
        add_purchases(ledger, [replace(PACK, **change)])
    assert len(list_lots(ledger, STACK)) == 1


def test_units_are_used_by_statements_that_count(ledger):
    lot = add_purchases(ledger, [PACK])[0].value.id
    first = close(ledger, closing_of(uses=(CreditUse(lot, "2026-03", Decimal(450)),))).value.number
    close(ledger, closing_of(month="2026-04", uses=(CreditUse(lot, "2026-04", Decimal("0.5")),)))
    assert sum_used_units(ledger, STACK) == {lot: Decimal("450.5")}
    assert sum_used_units(ledger, STACK, before="2026-04") == {lot: Decimal(450)}
    void_statement(ledger, first, reason="wrong", by="ana")
    assert sum_used_units(ledger, STACK) == {lot: Decimal("0.5")}


@pytest.mark.parametrize("units", ["501", "-1"])
def test_more_units_than_a_lot_has_close_nothing(ledger, units):
    lot = add_purchases(ledger, [PACK])[0].value.id
    with pytest.raises(OutdatedError, match=f"would use {units} units"):
        close(ledger, closing_of(uses=(CreditUse(lot, "2026-03", Decimal(units)),)))
    assert list_statements(ledger, STACK) == ()


def test_an_adjustment_is_recorded_once(ledger):
    first, second = add_adjustment(ledger, CREDIT), add_adjustment(ledger, replace(CREDIT, reason="an outage, again"))
    assert (first.is_new, second.is_new, second.value) == (True, False, first.value)
    assert list_open_adjustments(ledger, STACK, {"acme"}) == (first.value,)


def test_the_reference_of_another_adjustment_is_refused(ledger):
    add_adjustment(ledger, CREDIT)
    with pytest.raises(TakenRefError, match="'OWL-1' is that of an adjustment of acme, recorded on 2026-04-04 by ana"):
        add_adjustment(ledger, replace(CREDIT, amount=nano_of(-6)))
