"""Closing a statement: once, numbered without a gap, and all of it or nothing."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from ledger_statements import ACCOUNT, STACK, close, closing_of, documents_of

from tenantry.ledger.adjustments import NewAdjustment, add_adjustment, list_open_adjustments
from tenantry.ledger.closing import NewCorrection, close_statement, void_statement
from tenantry.ledger.errors import LedgerError, OutdatedError, RefusedError
from tenantry.ledger.notices import notices_of
from tenantry.ledger.statements import (
    find_closed_statement,
    find_last_closed_months,
    find_statement,
    list_accounts,
    list_closed_months,
    list_corrections,
    list_statements,
)
from tenantry.model.money import nano_of

CREDIT = NewAdjustment(STACK, "acme", nano_of(Decimal("-5.00")), "usd", "an outage", "OWL-1", "ana")


def test_a_closed_statement_comes_back_as_it_was(ledger, clock):
    closing = closing_of()
    found = close(ledger, closing).value
    assert (found.number, found.owner, found.total, found.closed_at) == (
        "OWL-2026-000001",
        closing.owner,
        closing.total,
        clock.now,
    )
    assert json.loads(found.for_customer)["number"] == "OWL-2026-000001"
    assert find_closed_statement(ledger, closing.owner) == find_statement(ledger, found.number) == found
    assert list_accounts(ledger, found.number) == (ACCOUNT,)


def test_a_second_close_returns_the_first_one(ledger):
    first = close(ledger, closing_of())
    second = close(ledger, closing_of(total=nano_of(99)))
    assert (first.is_new, second.is_new, second.value) == (True, False, first.value)


def test_numbers_have_no_gap_and_begin_at_1_for_each_text(ledger):
    numbers = [close(ledger, closing_of(name)).value.number for name in ("acme", "birch")]
    numbers.append(close(ledger, closing_of("cedar", series="OWL-2027-{sequence:01}")).value.number)
    assert numbers == ["OWL-2026-000001", "OWL-2026-000002", "OWL-2027-1"]


def test_another_width_goes_on_with_the_same_count(ledger):
    close(ledger, closing_of())
    assert close(ledger, closing_of("birch", series="OWL-2026-{sequence:04}")).value.number == "OWL-2026-0002"


def test_a_document_that_cannot_be_written_takes_no_number(ledger):
    def fail(numbered):
        raise RuntimeError(numbered.number)

    with pytest.raises(RuntimeError, match="OWL-2026-000001"):
        close_statement(ledger, closing_of(), fail)
    assert close(ledger, closing_of("birch")).value.number == "OWL-2026-000001"


def test_a_document_with_another_total_is_refused(ledger):
    wrong = closing_of(total=nano_of(1))
    with pytest.raises(LedgerError, match=r"OWL-2026-000001, 74\.990000000 usd"):
        close_statement(ledger, closing_of(), lambda numbered: documents_of(wrong, numbered))
    assert list_statements(ledger, STACK) == ()


def test_the_notice_is_queued_with_the_statement(ledger):
    close(ledger, closing_of())
    assert [(notice.type, notice.customer) for notice in notices_of(ledger, STACK.parent)] == [
        ("statement.closed", "acme")
    ]


def test_adjustments_are_billed_once(ledger):
    added = add_adjustment(ledger, CREDIT).value
    assert list_open_adjustments(ledger, STACK, {"acme"}) == (added,)
    close(ledger, closing_of(adjustments=(added.id,)))
    assert list_open_adjustments(ledger, STACK, {"acme"}) == ()
    with pytest.raises(OutdatedError, match="on another statement by now"):
        close(ledger, closing_of(month="2026-04", adjustments=(added.id,)))


def test_the_adjustment_of_another_tenant_is_refused(ledger):
    added = add_adjustment(ledger, replace(CREDIT, tenant="birch")).value
    with pytest.raises(OutdatedError):
        close(ledger, closing_of(adjustments=(added.id,)))


def test_a_correction_is_carried_by_a_later_statement(ledger):
    corrected = close(ledger, closing_of()).value.number
    correction = NewCorrection(corrected, nano_of(6), "[]", "{}")
    carrier = close(ledger, closing_of(month="2026-04", corrections=(correction,))).value.number
    assert [(found.carrier, found.amount) for found in list_corrections(ledger, corrected)] == [(carrier, nano_of(6))]


def test_a_correction_that_does_not_know_the_one_before_is_outdated(ledger):
    corrected = close(ledger, closing_of()).value.number
    correction = NewCorrection(corrected, nano_of(6), "[]", "{}")
    close(ledger, closing_of(month="2026-04", corrections=(correction,)))
    with pytest.raises(OutdatedError, match="corrected by another statement meanwhile"):
        close(ledger, closing_of(month="2026-05", corrections=(correction,)))
    again = replace(correction, earlier=1)
    assert close(ledger, closing_of(month="2026-05", corrections=(again,))).is_new


def test_a_correction_of_another_customer_is_refused(ledger):
    corrected = close(ledger, closing_of("birch")).value.number
    with pytest.raises(OutdatedError, match="no closed statement of acme"):
        close(ledger, closing_of(corrections=(NewCorrection(corrected, nano_of(6), "[]", "{}"),)))


def test_a_void_statement_keeps_its_number(ledger, clock):
    added = add_adjustment(ledger, CREDIT).value
    number = close(ledger, closing_of(adjustments=(added.id,))).value.number
    voided = void_statement(ledger, number, reason="wrong tax", by="ana").value
    assert (voided.status, voided.voiding.reason, voided.voiding.at) == ("void", "wrong tax", clock.now)
    assert [found.id for found in list_open_adjustments(ledger, STACK, {"acme"})] == [added.id]
    assert close(ledger, closing_of()).value.number == "OWL-2026-000002"
    assert [found.status for found in list_statements(ledger, STACK, month="2026-03")] == ["void", "closed"]


def test_a_statement_that_is_void_already_stays_as_it_is(ledger, clock):
    number = close(ledger, closing_of()).value.number
    first = void_statement(ledger, number, reason="wrong tax", by="ana")
    clock.now += timedelta(days=1)
    second = void_statement(ledger, number, reason="another", by="ben")
    assert (first.is_new, second.is_new, second.value) == (True, False, first.value)


def test_a_corrected_statement_is_not_made_void_before_its_carrier(ledger):
    corrected = close(ledger, closing_of()).value.number
    correction = NewCorrection(corrected, nano_of(6), "[]", "{}")
    carrier = close(ledger, closing_of(month="2026-04", corrections=(correction,))).value.number
    with pytest.raises(RefusedError, match=f"Make {carrier} void first"):
        void_statement(ledger, corrected, reason="wrong", by="ana")
    void_statement(ledger, carrier, reason="wrong", by="ana")
    assert list_corrections(ledger, corrected) == ()
    assert void_statement(ledger, corrected, reason="wrong", by="ana").is_new


def test_a_number_that_is_not_there_is_refused(ledger):
    with pytest.raises(RefusedError, match="no statement OWL-2026-000009"):
        void_statement(ledger, "OWL-2026-000009", reason="wrong", by="ana")


def test_each_tenant_of_a_customer_may_have_its_own_statement(ledger):
    owner = closing_of("elm").owner
    numbers = [close(ledger, closing_of("elm", owner=replace(owner, tenant=name))).value.number for name in "ab"]
    assert numbers == ["OWL-2026-000001", "OWL-2026-000002"]


def test_the_months_that_are_closed_are_told(ledger):
    for month in ("2026-02", "2026-03"):
        close(ledger, closing_of(month=month))
    void_statement(ledger, close(ledger, closing_of(month="2026-04")).value.number, reason="x", by="ana")
    assert find_last_closed_months(ledger, STACK) == {"acme": "2026-03"}
    assert list_closed_months(ledger, STACK, "acme") == ("2026-02", "2026-03")
