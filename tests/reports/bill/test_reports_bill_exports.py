"""Exports of closed statements: Stripe's invoice items and QuickBooks' invoices, to the cent."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from reports_bill import EVIL, IDS, RATED, bill, close, document_of, draft, fleet, internal

from tenantry.operations.billing.bill import BilledStatement
from tenantry.reports.bill.as_quickbooks import COLUMNS, as_quickbooks
from tenantry.reports.bill.as_stripe import as_stripe
from tenantry.reports.bill.customer_document import write_customer_document

EVERYBODY = {"acme": IDS, "elm": {"stripe": "cus_Elm1", "quickbooks": "Elm Smiles Group"}}


def items_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def invoice_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def in_currency(currency: str, *amounts: str) -> BilledStatement:
    """A closed statement of these amounts: its first section has a line for each."""
    closed = close(internal("6"))
    document = document_of(closed)
    (section,) = document.sections
    lines = tuple(section.lines[0].model_copy(update={"amount": Decimal(amount)}) for amount in amounts)
    total = sum(map(Decimal, amounts), Decimal(0))
    changes = {"currency": currency, "total": total, "sections": (section.model_copy(update={"lines": lines}),)}
    return replace(closed, for_customer=write_customer_document(document.model_copy(update=changes)))


@pytest.mark.parametrize("name", RATED)
def test_stripes_amounts_add_up_to_the_total(name):
    closed = close(internal(name))
    export = as_stripe(bill(closed), EVERYBODY)
    total = sum(item["params"]["amount"] for item in items_of(export.text))
    assert (Decimal(total) / 100, export.problems) == (document_of(closed).total, ())


@pytest.mark.parametrize("name", RATED)
def test_quickbooks_amounts_and_taxes_add_up_to_the_total(name):
    closed = close(internal(name))
    export = as_quickbooks(bill(closed), EVERYBODY)
    rows = invoice_rows(export.text)
    total = sum(Decimal(row["*ItemAmount"]) + Decimal(row["ItemTaxAmount"] or 0) for row in rows)
    assert (total, export.problems) == (document_of(closed).total, ())


def test_exports_of_one_statement_for_several_tenants_name_each_tenant():
    closed = bill(close(internal("10a")))
    names = [section.name for section in document_of(closed.statements[0]).sections]
    items = items_of(as_stripe(closed, EVERYBODY).text)
    rows = invoice_rows(as_quickbooks(closed, EVERYBODY).text)
    assert len(names) == 2
    for name in names:
        assert any(item["params"]["description"].startswith(f"{name}, ") for item in items)
        assert any(row["ItemDescription"].startswith(f"{name}, ") for row in rows)


def test_an_item_of_stripe_has_all_that_is_asked_for():
    item = items_of(as_stripe(bill(close(internal("6"))), EVERYBODY).text)[2]
    assert item == {
        "idempotency_key": "tenantry-OWL-2026-000001-3",
        "params": {
            "customer": "cus_Acme1",
            "amount": 936,
            "currency": "usd",
            "description": "Text messages, above 2,000 included: 312 × 0.03",
            "discountable": False,
            "period": {
                "start": int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()),
                "end": int(datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC).timestamp()),
            },
            "metadata": {"statement": "OWL-2026-000001", "line": "3"},
        },
    }


def test_the_same_statement_has_the_same_keys_and_no_two_are_equal():
    once, again = (as_stripe(bill(close(internal("10a"))), EVERYBODY).text for _ in range(2))
    keys = [item["idempotency_key"] for item in items_of(once)]
    assert (once == again, len(set(keys))) == (True, len(keys))


@pytest.mark.parametrize(
    ("currency", "amount", "units"),
    [
        ("usd", "1.50", 150),
        ("usd", "-1.50", -150),
        ("jpy", "150", 150),
        ("ugx", "5", 500),
        ("isk", "5", 500),
        ("mga", "5.00", 5),
        ("kwd", "5.120", 5120),
    ],
)
def test_amounts_are_in_stripes_minor_units(currency, amount, units):
    (item,) = items_of(as_stripe(bill(in_currency(currency, amount)), EVERYBODY).text)
    assert item["params"]["amount"] == units


@pytest.mark.parametrize(("currency", "amount"), [("kwd", "5.124"), ("mga", "5.20")])
def test_an_amount_that_stripe_does_not_take_is_a_problem(currency, amount):
    export = as_stripe(bill(in_currency(currency, amount)), EVERYBODY)
    assert export.text == ""
    assert export.problems[0].startswith(f"acme: Stripe takes {currency.upper()} in ")


def test_more_lines_than_stripe_takes_are_a_problem():
    export = as_stripe(bill(in_currency("usd", *["1.00"] * 251)), EVERYBODY)
    assert export.problems == (
        "acme: OWL-2026-000001 has 251 lines, and Stripe takes 250 an invoice; it is not exported.",
    )


@pytest.mark.parametrize("write", [as_stripe, as_quickbooks])
def test_lines_that_do_not_add_up_are_not_exported(write):
    wrong = in_currency("usd", "1.00")
    text = (wrong.for_customer or "").replace('"total": "1.00"', '"total": "1.01"')
    export = write(bill(replace(wrong, for_customer=text)), EVERYBODY)
    assert export.problems == ("acme: the lines of OWL-2026-000001 do not add up to its total; it is not exported.",)
    assert "1.0" not in export.text


@pytest.mark.parametrize("write", [as_stripe, as_quickbooks])
def test_a_statement_that_is_not_closed_is_not_exported(write):
    export = write(bill(draft(internal("6")), *fleet().statements[3:]), EVERYBODY)
    assert export.problems == (
        "acme: the statement is not closed, so it is not exported; close it with --close.",
        "oak: the statement is not closed, so it is not exported; close it with --close.",
    )
    assert "OWL" not in export.text


@pytest.mark.parametrize(("write", "system"), [(as_stripe, "stripe"), (as_quickbooks, "quickbooks")])
def test_a_customer_without_an_id_is_a_problem_and_others_are_exported(write, system):
    export = write(bill(close(internal("10a")), close(internal("6"), "OWL-2026-000002")), {"acme": IDS})
    assert export.problems == (
        f"elm: has no id for {system}, so OWL-2026-000001 is not exported; write ids.{system} in customers/elm.yaml.",
    )
    assert "OWL-2026-000002" in export.text


def test_the_id_of_today_is_used_before_the_one_that_was_closed():
    closed = close(internal("6", ids={"stripe": "cus_Old"}))
    assert "cus_Acme1" in as_stripe(bill(closed), EVERYBODY).text
    assert "cus_Old" in as_stripe(bill(closed), {}).text


def test_tax_is_shared_among_the_lines_of_quickbooks():
    rows = invoice_rows(as_quickbooks(bill(close(internal("10a"))), EVERYBODY).text)
    assert tuple(rows[0]) == COLUMNS
    assert {row["*ItemTaxCode"] for row in rows} == {"Sales tax"}
    assert sum(Decimal(row["ItemTaxAmount"]) for row in rows) == Decimal("11.38")
    assert [row["*ItemAmount"] for row in rows] == ["49.99", "0.00", "25.00", "59.99", "0.00", "-6.75"]


def test_quickbooks_gets_quantity_and_rate_where_they_make_the_amount():
    rows = invoice_rows(as_quickbooks(bill(close(internal("6"))), EVERYBODY).text)
    minutes, included = rows[4], rows[1]
    assert (minutes["ItemQuantity"], minutes["ItemRate"], minutes["*ItemAmount"]) == ("420", "0.025", "10.50")
    assert (included["ItemQuantity"], included["ItemRate"]) == ("", "")
    assert included["ItemDescription"] == "Text messages, of 2,000 included: 2,000"
    assert (minutes["*InvoiceDate"], minutes["*DueDate"]) == ("2026-04-04", "2026-04-04")


def test_what_quickbooks_can_not_import_is_a_problem():
    long = close(internal("6"), "OWL-DENTAL-2026-000000001")
    export = as_quickbooks(bill(in_currency("usd", "-1.00"), long), EVERYBODY)
    assert [problem.partition(",")[0] for problem in export.problems] == [
        "acme: the total of OWL-2026-000001 is -1.00",
        "acme: QuickBooks takes 21 characters of a number",
    ]
    assert invoice_rows(export.text) == []


def test_names_of_customers_are_no_formulas():
    (row, *_) = invoice_rows(as_quickbooks(bill(close(internal("6"))), {"acme": {"quickbooks": EVIL}}).text)
    assert row["*Customer"][:2] == "'="
