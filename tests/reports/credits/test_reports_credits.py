"""Purchases of credits and what is owed of them, as text, JSON and CSV."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator

from tenantry.operations.billing.credits.liabilities import Liability
from tenantry.operations.billing.credits.purchases import RecordedPurchase
from tenantry.reports.credits.documents import liabilities_schema, purchases_schema
from tenantry.reports.credits.formats import FORMATS, NOTHING, render_liabilities, render_purchases

EVIL = "=1+1\x1b[31m"


def purchase(**changes: object) -> RecordedPurchase:
    values = {
        "is_new": True,
        "tenant": "acme",
        "charge": "sms",
        "pack": "p200",
        "units": Decimal(1500),
        "credits": Decimal(200),
        "price": Decimal("15.000000000"),
        "currency": "usd",
        "first_day": date(2026, 3, 10),
        "last_day": date(2027, 3, 9),
        "ref": "INV-B",
    }
    return RecordedPurchase(**values | changes)


def liability(value: str = "14.00", currency: str = "usd", **changes: object) -> Liability:
    values = {
        "tenant": "acme",
        "charge": "sms",
        "pack": "p200",
        "ref": "INV-B",
        "last_day": date(2027, 3, 9),
        "units_left": Decimal(1400),
        "credits_left": Decimal("186.67"),
        "value": Decimal(value),
        "currency": currency,
    }
    return Liability(**values | changes)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_purchase_is_told_in_a_sentence():
    assert render_purchases([purchase(), purchase(is_new=False)], "text").splitlines() == [
        "recorded: acme bought p200 for sms, 200 credits (1,500 units), 15.00 USD, 2026-03-10 to 2027-03-09 (INV-B)",
        "was recorded before: acme bought p200 for sms, 200 credits (1,500 units), 15.00 USD, "
        "2026-03-10 to 2027-03-09 (INV-B)",
    ]


def test_credits_owed_have_a_row_per_lot_and_a_sum_per_currency():
    lines = render_liabilities([liability(), liability("0.50"), liability("1400", "jpy")], "text").splitlines()
    assert lines[1].split() == ["acme", "sms", "p200", "INV-B", "2027-03-09", "1,400", "186.67", "14.00", "USD"]
    assert lines[-2:] == ["Owed: 1,400 JPY", "Owed: 14.50 USD"]


def test_json_is_of_its_published_schema():
    bought = json.loads(render_purchases([purchase()], "json"))
    owed = json.loads(render_liabilities([liability()], "json"))
    Draft202012Validator(purchases_schema()).validate(bought)
    Draft202012Validator(liabilities_schema()).validate(owed)
    assert (bought["purchases"][0]["price"], owed["totals"]) == ("15.00", {"usd": "14.00"})


def test_csv_has_the_names_and_figures_of_the_json():
    (row,) = rows_of(render_liabilities([liability()], "csv"))
    assert row == json.loads(render_liabilities([liability()], "json"))["lots"][0]
    assert rows_of(render_purchases([purchase()], "csv"))[0]["units"] == "1500"


def test_nothing_owed_is_said():
    assert render_liabilities([], "text") == NOTHING
    assert json.loads(render_liabilities([], "json")) == {"format": 1, "lots": [], "totals": {}}
    assert rows_of(render_liabilities([], "csv")) == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_reference_is_no_formula_and_no_command(form):
    for text in (render_purchases([purchase(ref=EVIL)], form), render_liabilities([liability(ref=EVIL)], form)):
        assert "\x1b" not in text
        assert form != "csv" or "'=1+1" in text
