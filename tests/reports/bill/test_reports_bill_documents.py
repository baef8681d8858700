"""Documents of statements: exact, the same bytes each time, read again for ever, of their published schemas."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from reports_bill import CLOSED_AT, IDS, RATED, close, document_of, draft, fleet, internal

from tenantry.reports.bill.as_json import (
    as_json,
    bill_schema,
    internal_statement_schema,
    statement_schema,
    statements_schema,
)
from tenantry.reports.bill.customer_document import customer_document, read_customer_document, write_customer_document
from tenantry.reports.bill.documents import find_our_document, write_documents
from tenantry.reports.bill.figure import exact_figure, shorten_price
from tenantry.reports.bill.our_document import our_document, read_our_document, write_our_document

FROZEN = Path(__file__).parent / "closed"
"""Documents that were closed once: what was written then is read for ever."""


@pytest.mark.parametrize("name", RATED)
def test_documents_are_read_back_to_the_same_bytes(name):
    ours, theirs = internal(name), internal(name)
    for_customer, for_us = write_documents(replace(ours, number="OWL-1"), CLOSED_AT)
    assert (for_customer, for_us) == write_documents(replace(theirs, number="OWL-1"), CLOSED_AT)
    assert write_customer_document(read_customer_document(for_customer)) == for_customer
    assert write_our_document(read_our_document(for_us)) == for_us


@pytest.mark.parametrize("name", RATED)
def test_documents_are_of_their_published_schemas(name):
    for_customer, for_us = write_documents(replace(internal(name), number="OWL-1"), CLOSED_AT)
    Draft202012Validator(statement_schema()).validate(json.loads(for_customer))
    Draft202012Validator(internal_statement_schema()).validate(json.loads(for_us))


def test_a_bill_is_of_its_published_schema():
    Draft202012Validator(bill_schema()).validate(json.loads(as_json(fleet(), "us")))
    Draft202012Validator(statements_schema()).validate(json.loads(as_json(fleet(), "customer")))


@pytest.mark.parametrize("kind", ["customer", "us"])
def test_a_document_that_was_closed_once_is_read(kind):
    text = (FROZEN / f"format-1-{kind}.json").read_text(encoding="utf-8").rstrip("\n")
    document = read_customer_document(text) if kind == "customer" else read_our_document(text)
    assert (document.number, document.total) == ("OWL-2026-000001", Decimal("0.60"))


@pytest.mark.parametrize("kind", ["customer", "us"])
def test_a_document_of_today_has_all_that_a_closed_one_had(kind):
    frozen = json.loads((FROZEN / f"format-1-{kind}.json").read_text(encoding="utf-8"))
    billed = close(internal("5", ids=IDS))
    today = json.loads(billed.for_customer if kind == "customer" else billed.for_us or "")
    assert missing(frozen, today) == []


def missing(frozen: object, today: object, place: str = "") -> list[str]:
    """Return the places whose value is not what it was."""
    if isinstance(frozen, dict) and isinstance(today, dict):
        return [where for key in frozen for where in missing(frozen[key], today.get(key), f"{place}/{key}")]
    if isinstance(frozen, list) and isinstance(today, list) and len(frozen) == len(today):
        pairs = enumerate(zip(frozen, today, strict=True))
        return [where for number, (old, new) in pairs for where in missing(old, new, f"{place}/{number}")]
    return [] if frozen == today else [place]


def test_a_missing_value_is_named():
    assert missing({"a": [{"b": 1}]}, {"a": [{"b": 2, "c": 3}]}) == ["/a/0/b"]


def test_the_customers_document_has_what_the_ledger_checks():
    plain = json.loads(close(internal("10a")).for_customer or "")
    assert (plain["format"], plain["number"], plain["currency"], plain["total"]) == (
        *(1, "OWL-2026-000001", "usd"),
        "139.61",
    )


def test_a_draft_has_no_number_and_no_days():
    document = document_of(draft(internal("10a")))
    assert (document.status, document.number, document.closed_on, document.due_on) == ("draft", None, None, None)


def test_a_statement_is_due_some_days_after_it_is_closed():
    statement = replace(internal("6"), net_days=14)
    assert customer_document(statement, CLOSED_AT).due_on == date(2026, 4, 18)
    assert customer_document(replace(statement, net_days=None), CLOSED_AT).due_on is None


def test_our_document_has_cost_margin_and_where_twilios_total_went():
    document = find_our_document(close(internal("6")))
    assert document is not None
    assert document.margin is not None
    assert (document.margin.cost, document.margin.amount, document.margin.percent) == ("34.4408", "59.1792", "63.2")
    (tenant,) = document.tenants
    books = tenant.reconciliation
    parts = (books.covered, books.rest, books.absorbed, books.uncovered, books.unexplained)
    assert sum(parts) == books.total == Decimal("34.4408")
    assert (tenant.commit[:6], tenant.as_of and tenant.as_of.hour) == ("c0ffee", 6)


def test_our_document_says_what_a_refusal_is():
    assert "rcs-messages" in our_document(internal("17")).refusals[0]


def test_a_draft_of_the_document_is_told_like_a_closed_one():
    plain = document_of(draft(internal("10a"))).plain()
    closed = document_of(close(internal("10a"))).plain()
    differing = {key for key in plain if plain[key] != closed[key]}
    assert differing == {"status", "number", "closed_on"}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("12.50"), "12.5"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 10**40), "0." + "0" * 39 + "1"),
        (0, "0"),
    ],
)
def test_an_exact_amount_is_text_without_an_exponent(number, text):
    assert exact_figure(number) == text
    assert Fraction(text) == Fraction(number)


@pytest.mark.parametrize(
    ("price", "currency", "text"),
    [
        ("10.000000000", "usd", "10.00"),
        ("0.0075", "usd", "0.0075"),
        ("1000.0", "jpy", "1000"),
        ("0.5", "jpy", "0.5"),
        ("1E+3", "kwd", "1000.000"),
    ],
)
def test_a_price_is_never_rounded(price, currency, text):
    assert str(shorten_price(Decimal(price), currency)) == text
