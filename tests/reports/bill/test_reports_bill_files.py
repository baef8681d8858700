"""`tenantry bill --out`: a file for each statement, under a name that no other has."""

import json
from dataclasses import replace

import pytest
from reports_bill import IDS, bill, close, document_of, draft, fleet, internal

from tenantry.operations.billing.bill import Bill
from tenantry.reports.bill.formats import FORMATS, Wanted, render_bill, render_files
from tenantry.reports.bill.words import title_text


def files_of(of: Bill, audience: str, form: str) -> dict[str, str]:
    return dict(render_files(of, Wanted(audience, form, ids={"acme": IDS})).texts)


def test_each_customer_has_a_file_and_a_refusal_has_none():
    assert list(files_of(bill(*fleet().statements[1:]), "customer", "html")) == [
        "elm-2026-03.html",
        "acme-2026-03.html",
    ]


def test_we_get_a_file_of_the_whole_besides():
    files = files_of(fleet(), "us", "csv")
    assert next(iter(files)) == "2026-03.csv"
    assert "left out" in files["2026-03.csv"]


@pytest.mark.parametrize(("form", "ending"), [("text", "txt"), ("json", "json"), ("csv", "csv"), ("html", "html")])
def test_a_file_holds_its_own_statement_alone(form, ending):
    files = files_of(fleet(), "customer", form)
    assert "Elm Smiles North" in files[f"elm-2026-03.{ending}"]
    assert "Acme" not in files[f"elm-2026-03.{ending}"]


def test_a_closed_statement_is_written_byte_for_byte():
    closed = replace(close(internal("6")), for_customer=(close(internal("6")).for_customer or "").replace("  ", " "))
    assert files_of(bill(closed), "customer", "json") == {"acme-2026-03.json": closed.for_customer}


def test_two_statements_never_share_a_name():
    closed = close(internal("6"))
    owners = (("oak", ""), ("a-b", "c"), ("a", "b-c"), ("elm", "elm"))
    statements = [replace(closed, customer=customer, tenant=tenant) for customer, tenant in owners]
    assert list(files_of(bill(*statements), "customer", "json")) == [
        *("oak-2026-03.json", "a-b.c-2026-03.json", "a.b-c-2026-03.json", "elm-2026-03.json")
    ]


def test_usage_has_a_file_a_tenant():
    files = files_of(fleet(), "customer", "usage")
    assert {"elm-north-2026-03-usage.json", "elm-south-2026-03-usage.json"} < set(files)
    assert json.loads(files["elm-north-2026-03-usage.json"])["name"] == "Elm Smiles North"


def test_an_export_is_one_file_and_says_what_it_lacks():
    rendered = render_files(fleet(), Wanted("us", "stripe", ids={"acme": IDS}))
    assert [name for name, _ in rendered.texts] == ["2026-03-stripe.jsonl"]
    assert len(rendered.problems) == 3


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_can_be_had_as_one_text(form):
    (text,) = [text for _, text in render_bill(fleet(), Wanted("customer", form, ids={"acme": IDS})).texts]
    assert text


def test_a_page_has_the_title_of_its_statement():
    document = document_of(draft(internal("6")))
    page = files_of(bill(draft(internal("6"))), "customer", "html")["acme-2026-03.html"]
    assert f"<title>{title_text(document)}</title>" in page
