"""Exact figures as people read them, in columns, and cells of CSV."""

from decimal import Decimal

import pytest

from tenantry.text.columns import align_columns
from tenantry.text.csv_cell import safe_cell
from tenantry.text.figures import amount_text, quantity_text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0.00"),
        ("12.5", "12.50"),
        ("0.0075", "0.0075"),
        ("1.2300", "1.23"),
        ("-3E+2", "-300.00"),
        ("1E-9", "0.000000001"),
    ],
)
def test_an_amount_keeps_every_digit(amount: str, text: str):
    assert amount_text(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("quantity", "text"), [("5", "5"), ("1.50", "1.5"), ("2.0", "2"), ("1E+3", "1000"), ("100", "100")]
)
def test_a_quantity_has_no_zeros_at_its_end(quantity: str, text: str):
    assert quantity_text(Decimal(quantity)) == text


def test_what_is_missing_is_not_zero():
    assert amount_text(None) == quantity_text(None) == "not available"


def test_columns_are_as_wide_as_their_widest_cell():
    assert align_columns([("a", "1", "x"), ("bb", "22", "")], {1}) == ["a    1  x", "bb  22"]
    assert align_columns([("日本", "1"), ("a", "2")]) == ["日本  1", "a     2"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "|x", "＝1", " =1"])
def test_a_cell_is_no_formula(text: str):
    assert safe_cell(text).startswith("'")


def test_a_common_cell_stays_as_it_is():
    assert safe_cell("Elm, Smiles") == "Elm, Smiles"
