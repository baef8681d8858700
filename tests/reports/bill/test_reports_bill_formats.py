"""A bill as text, JSON, CSV and pages: for us with every cent, for customers without our cost."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from reports_bill import EVIL, RATED, bill, close, document_of, draft, fleet, internal

from tenantry.reports.bill.as_csv import COLUMNS, OUR_COLUMNS, as_csv
from tenantry.reports.bill.as_html import as_html, statement_as_html
from tenantry.reports.bill.as_json import as_json
from tenantry.reports.bill.as_text import as_text
from tenantry.reports.bill.text_for_customer import statement_lines
from tenantry.text.wrapping import PLAIN, lay_out


def words(text: str) -> list[str]:
    """Lines without the spaces that align them."""
    return [" ".join(line.split()) for line in text.splitlines()]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_text_for_a_customer_has_lines_subtotals_and_total():
    lines = words(as_text(bill(close(internal("10a"))), "customer"))
    assert lines[0] == "Statement OWL-2026-000001"
    assert lines[lines.index("Elm Smiles North, March 2026") + 3] == "Text messages, above 100 included 50 0.50 25.00"
    assert lines[-5:] == [
        *("Subtotal 59.99", "Fees and charges 134.98", "Discount, 5 % -6.75"),
        *("Sales tax, 8.875 % 11.38", "Total 139.61"),
    ]


def test_yen_have_no_decimals_and_separators_in_every_text():
    yen = replace(internal("7a"), currency="jpy")
    total = replace(draft(yen), currency="jpy", total=Decimal(1234567))
    for text in (as_text(bill(total), "us"), as_html(bill(total), "us")):
        assert "1,234,567 JPY" in text
        assert "1,234,567." not in text


def test_text_for_a_customer_has_credits_and_what_was_paid_elsewhere():
    text = words(as_text(bill(close(internal("5"))), "customer"))
    assert "Text messages 2026-03-10 to 2027-03-09 1,500 100 0 1,400 186.67" in text
    assert "2026-03-10: Text messages, 200 credits (1,500 units), INV-B 15.00 USD" in text


def test_a_draft_says_draft_in_every_format():
    drafted = bill(draft(internal("6")))
    for form in (as_text, as_html):
        assert "DRAFT. This is no invoice" in form(drafted, "customer")
        assert "Total, DRAFT" in form(drafted, "customer")
        assert "DRAFT" in form(drafted, "us")
    assert {row["number"] for row in rows_of(as_csv(drafted, "customer"))} == {"DRAFT"}
    assert json.loads(as_json(drafted, "customer"))[0]["status"] == "draft"


def test_a_closed_statement_never_says_draft():
    closed = bill(close(internal("6")))
    for form in (as_text, as_csv, as_json):
        assert "draft" not in form(closed, "customer").lower()
    assert "draft" not in as_html(closed, "customer").partition("</style>")[2].lower()


def test_text_for_us_has_statements_problems_and_sums():
    lines = words(as_text(fleet(), "us"))
    assert "acme closed OWL-2026-000001 93.62 USD 34.4408 59.1792 63.2 %" in lines
    assert "elm closed now OWL-2026-000002 139.61 USD 2.765 125.465 97.8 %" in lines
    assert "pine: on no statement; has no terms; write `terms`" in lines
    assert lines[-1] == ("4 statements: 1 draft, 1 closed, 1 closed now, 1 refused; 1 tenant left out. 308.22 USD.")
    refused = lines.index("oak/oak-north refused")
    assert lines[refused + 1].startswith("oak-north: 404 =HYPERLINK")


def test_text_for_us_explains_every_line():
    lines = words(as_text(fleet(), "us"))
    assert "Other services 0.83 cost 0.7500 × (1 + 10 %)" in lines
    assert "sms tiers_with_overage 2,312 units cost 18.2648 USD sms" in lines
    assert "Twilio's total 34.4408 USD = covered 33.6908 + rest 0.75" in lines
    assert "Margin: revenue 93.62 − cost 34.4408 = 59.1792 USD (63.2 %)" in lines
    assert "no charge covers rcs-messages: 1.20 USD" in lines


def test_a_draft_says_when_ledger_or_end_of_month_is_missing():
    early = bill(draft(internal("6")), has_ledger=False, now=datetime(2026, 3, 20, tzinfo=UTC))
    for form in (as_text, as_html):
        text = form(early, "us")
        assert "There is no ledger" in text
        assert "The month is not over" in text
        assert "There is no ledger" not in form(fleet(), "us")


def test_json_for_us_holds_closed_statements_as_they_were_closed():
    plain = json.loads(as_json(fleet(), "us"))
    closed = fleet().statements[0]
    assert plain["statements"][0]["statement"] == json.loads(closed.for_us or "")
    assert [row["total"] for row in plain["statements"]] == ["93.62", "139.61", "74.99", None]
    assert plain["totals"] == {"usd": "308.22"}
    assert [problem["code"] for problem in plain["left_out"]] == ["no_terms"]


def test_json_for_customers_leaves_out_what_was_refused():
    plain = json.loads(as_json(fleet(), "customer"))
    assert [row["number"] for row in plain] == ["OWL-2026-000001", "OWL-2026-000002", None]


@pytest.mark.parametrize("name", RATED)
def test_lines_of_a_csv_add_up_to_its_total(name):
    for audience in ("us", "customer"):
        rows = rows_of(as_csv(bill(close(internal(name))), audience))
        amounts = [Decimal(row["amount"]) for row in rows if row["amount"] and row["kind"] != "total"]
        (total,) = [Decimal(row["amount"]) for row in rows if row["kind"] == "total"]
        assert sum(amounts) == total


def test_csv_for_us_has_costs_problems_and_tenants_left_out():
    rows = rows_of(as_csv(fleet(), "us"))
    assert tuple(rows[0]) == OUR_COLUMNS
    costs = [Decimal(row["cost"]) for row in rows if row["kind"] == "cost" and row["customer"] == "acme"]
    assert sum(costs) == Decimal("34.4408") + Decimal("1.1850")
    problems = [(row["tenant"], row["label"]) for row in rows if row["kind"] == "problem"]
    assert problems == [("acme", "uncovered_cost"), ("oak-north", "not_available"), ("pine", "no_terms")]


def test_csv_for_customers_has_credits_without_amounts():
    rows = rows_of(as_csv(bill(close(internal("5"))), "customer"))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["kind"], row["quantity"], row["amount"]) for row in rows[3:]] == [
        *(("credits", "0", ""), ("credits", "1400", "")),
        *(("memo", "500", ""), ("memo", "1500", "")),
    ]


def test_a_name_is_no_formula_no_markup_and_no_command():
    evil = internal("6", name=EVIL)
    closed = bill(close(evil), draft(evil))
    for audience in ("us", "customer"):
        for form in (as_text, as_csv, as_html, as_json):
            text = form(closed, audience)
            assert "\x1b" not in text
            assert "\u202e" not in text
    assert rows_of(as_csv(closed, "customer"))[0]["name"][:2] == "'="
    assert "&lt;script&gt;" in as_html(closed, "customer")
    assert "<script" not in as_html(closed, "us")


def test_yen_have_no_decimals_and_dinars_three():
    plain = document_of(close(internal("6")))
    yen = plain.model_copy(update={"currency": "jpy", "total": Decimal(1234567), "sections": (), "lines": ()})
    assert "Total 1,234,567" in words(lay_out(statement_lines(yen), PLAIN))
    assert "1,234,567 JPY" in statement_as_html(yen)
    dinars = yen.model_copy(update={"currency": "kwd", "total": Decimal("1234.500")})
    assert "Total 1,234.500" in words(lay_out(statement_lines(dinars), PLAIN))


def test_a_tax_that_is_external_is_mentioned():
    statement = replace(internal("6"), tax_is_external=True)
    for form in (as_text, as_html):
        assert "without tax, which is billed separately" in form(bill(close(statement)), "customer")


def test_a_bill_without_statements_is_said_to_have_none():
    assert as_text(bill(), "us").splitlines()[-1] == "0 statements."
    assert as_text(bill(), "customer") == ""
    assert json.loads(as_json(bill(), "customer")) == []
    assert "There is no statement." in as_html(bill(), "customer")
