"""Corrections: closed + corrections = rated again, to the cent."""

from datetime import date
from decimal import Decimal

import pytest
from billing_samples import CREDITS, lot, month, rate, sms, terms

from tenantry.operations.billing.rating.corrections import correct
from tenantry.operations.billing.rating.values.customer_statement import make_customer_statement

VAT = {"label": "VAT", "percent": 20}
NUMBER = "OWL-2026-000001"


def _statement(units, **more):
    return rate(month(terms(tax=VAT), used=sms({5: units})), **more)


def test_a_second_correction_subtracts_the_first_one_too():
    closed = _statement(150)
    first = correct(NUMBER, closed.own_lines, _statement(160))
    second = correct(NUMBER, (*closed.own_lines, *first.lines), _statement(155))
    assert (str(first.total), str(second.total)) == ("6.00", "-3.00")
    assert closed.total + first.total + second.total == _statement(155).total


def test_figures_that_did_not_change_are_no_correction():
    correction = correct(NUMBER, _statement(150).own_lines, _statement(150))
    assert (correction.lines, correction.total) == ((), 0)


def test_a_line_that_is_new_and_one_that_is_gone_are_corrected():
    closed, rerated = _statement(150), _statement(90)
    down, up = correct(NUMBER, closed.own_lines, rerated), correct(NUMBER, rerated.own_lines, closed)
    assert [str(line.amount) for line in down.lines] == ["-5.00", "-25.00"]
    assert [str(line.amount) for line in up.lines] == ["25.00", "5.00"]


def test_a_correction_says_whose_it_is_and_how_much_of_what():
    (line, tax) = correct(NUMBER, _statement(150).own_lines, _statement(152)).lines
    assert (line.label, line.detail) == ("Text messages", f"correction of {NUMBER}, above 100 included")
    assert (line.quantity, line.unit_price, line.amount) == (2, Decimal("0.50"), Decimal("1.00"))
    assert (tax.kind, tax.label, tax.amount) == ("correction", "VAT", Decimal("0.20"))


@pytest.mark.parametrize(("units", "is_ignored"), [(150, True), (151, True), (152, False), (148, False)])
def test_a_correction_below_the_limit_in_every_line_is_ignored(units, is_ignored):
    closed = _statement(150)
    correction = correct(NUMBER, closed.own_lines, _statement(units), ignore_below=Decimal("0.51"))
    assert correction.is_ignored is is_ignored
    following = rate(month(terms(tax=VAT)), corrections=[correction])
    shown = any(line.kind == "correction" for line in make_customer_statement(following).lines)
    assert shown is not is_ignored


def test_a_correction_on_the_next_statement_is_not_taxed_twice():
    closed = _statement(150)
    correction = correct(NUMBER, closed.own_lines, _statement(160))
    following = rate(month(terms(base="10.00", tax=VAT)), corrections=[correction])
    assert [str(line.amount) for line in following.lines] == ["10.00", "5.00", "1.00", "2.00"]
    assert [line.kind for line in following.lines] == ["fee", "correction", "correction", "tax"]


def test_a_statement_that_carries_a_correction_is_corrected_without_it():
    carried = correct(NUMBER, _statement(150).own_lines, _statement(160))
    closed = _statement(200, corrections=[carried])
    later = correct("OWL-2026-000002", closed.own_lines, _statement(200))
    assert later.lines == ()


def test_units_that_credits_paid_for_are_corrected_too():
    lots = (lot(1, date(2026, 3, 1), date(2026, 3, 31), units=100),)
    closed, rerated = (rate(month(terms({"sms": CREDITS}), used=sms({5: units}), lots=lots)) for units in (90, 110))
    correction = correct(NUMBER, closed.own_lines, rerated, ignore_below=Decimal(1))
    paid, uncovered = correction.lines
    assert (paid.quantity, paid.amount, paid.detail) == (10, 0, f"correction of {NUMBER}, paid with credits")
    assert (uncovered.quantity, uncovered.amount, correction.is_ignored) == (10, Decimal("0.30"), False)
    assert [statement.tenants[0].lots[0].used for statement in (closed, rerated)] == [90, 100]
