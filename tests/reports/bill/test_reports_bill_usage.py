"""`usage.json`: what a tenant used, for its page in the vendor's product."""

import json

import pytest
from jsonschema import Draft202012Validator
from reports_bill import RATED, close, draft, internal

from tenantry.reports.bill.customer_usage import customer_usage, customer_usage_json, customer_usage_schema
from tenantry.reports.bill.documents import find_our_document
from tenantry.reports.bill.our_document import OurDocument


def ours(name: str, *, closed: bool = False) -> OurDocument:
    document = find_our_document((close if closed else draft)(internal(name)))
    assert document is not None
    return document


@pytest.mark.parametrize("name", RATED)
def test_usage_is_of_its_published_schema(name):
    document = ours(name)
    for tenant in document.tenants:
        text = customer_usage_json(document, tenant.tenant)
        Draft202012Validator(customer_usage_schema()).validate(json.loads(text))


def test_units_stand_beside_those_that_are_included():
    (sms,) = customer_usage(ours("4a-150"), "acme").charges
    assert (sms.label, sms.used, sms.included, sms.is_unlimited) == ("Text messages", 150, 100, False)


def test_what_is_not_counted_is_not_listed():
    labels = [charge.label for charge in customer_usage(ours("6"), "acme").charges]
    assert labels == ["Text messages", "Call minutes", "Phone numbers"]


def test_parts_of_a_month_are_added_up():
    (sms,) = customer_usage(ours("8b"), "acme").charges
    assert (sms.used, sms.included) == (190, 49 + 104)


def test_credits_that_are_left_are_listed():
    credits_left = customer_usage(ours("5"), "acme").credits
    assert [(lot.units, lot.remaining, str(lot.credits_remaining)) for lot in credits_left] == [
        (500, 0, "0.00"),
        (1500, 1400, "186.67"),
    ]


def test_a_closed_statement_has_the_usage_that_it_had_as_a_draft():
    before, after = customer_usage(ours("5"), "acme"), customer_usage(ours("5", closed=True), "acme")
    assert after == before.model_copy(update={"status": "closed"})


def test_a_tenant_that_is_on_another_statement_is_an_error():
    with pytest.raises(KeyError, match="oak"):
        customer_usage(ours("5"), "oak")


def test_usage_has_no_category_no_sid_and_no_cost():
    text = customer_usage_json(ours("6"), "acme")
    for secret in ("sms", "calls", "AC5555", "c0ffee", "18.2648", "cost", "price"):
        assert secret not in text
