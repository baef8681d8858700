"""Usage in four formats: exact, honest about what is missing, and safe against what others named."""

import csv
import io
import json
import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from jsonschema import Draft202012Validator
from reports_usage import MARCH, explanation, report, tenant

from tenantry.reports.usage.as_csv import COLUMNS, as_csv, explanation_as_csv
from tenantry.reports.usage.as_html import as_html, explanation_as_html
from tenantry.reports.usage.as_json import as_json, explanation_schema, usage_schema
from tenantry.reports.usage.as_text import as_text, explanation_as_text


class Page(HTMLParser):
    """Tags and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("src", "href", "srcset", "action", "style")]


def words(text: str) -> list[str]:
    """Lines without the spaces that align them."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_text_says_what_is_not_available_and_why():
    lines = words(as_text(report()))
    assert lines[lines.index("birch not available") + 1] == "Twilio answered 404"
    assert lines[-1] == "1 tenant read, 0.0653 usd; 1 not available."


def test_text_explains_each_difference_below_its_tenant():
    assert "    0.01: no category shows it" in as_text(report()).splitlines()


def test_text_by_category_has_children_further_in():
    lines = as_text(report(), "category").splitlines()
    assert {line.partition("     ")[0] for line in lines if "segments" in line} == {"sms", "  sms-inbound"}
    assert "sms 5 7 segments 0.0553 usd" in words("\n".join(lines))


def test_an_unfinished_period_says_so_in_text_and_page():
    growing = report(period=MARCH.model_copy(update={"is_over": False}))
    assert "The period is not over" in as_text(growing)
    assert "The period is not over" in as_html(growing)
    assert "may still change" in as_text(report(is_complete=False))


@pytest.mark.parametrize("text", [as_text(report()), explanation_as_text(explanation())])
def test_text_can_steer_no_terminal(text: str):
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_json_is_of_its_published_schema():
    for value, schema in ((report(), usage_schema()), (explanation(), explanation_schema())):
        Draft202012Validator(schema).validate(json.loads(as_json(value)))


def test_json_figures_are_text_and_what_is_missing_is_null():
    found = json.loads(as_json(report()))
    assert found["tenants"][0]["price"] == "0.0653"
    assert (found["tenants"][1]["price"], found["tenants"][0]["categories"][2]["price"]) == (None, None)


def test_json_has_no_exponents():
    huge = report(tenant(price=Decimal("1E+9")), tenant("small", price=Decimal("1E-9")))
    prices = [found["price"] for found in json.loads(as_json(huge))["tenants"]]
    assert prices == ["1000000000", "0.000000001"]


def test_csv_has_a_row_a_category_and_one_for_what_is_missing():
    rows = list(csv.DictReader(io.StringIO(as_csv(report()))))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["tenant"], row["category"], row["price"]) for row in rows] == [
        ("acme", "sms", "0.0553"),
        ("acme", "sms-inbound", "0.0553"),
        ("acme", "mms", ""),
        ("acme", "totalprice", "0.0653"),
        ("birch", "", ""),
    ]


def test_csv_hides_no_formula_and_keeps_negative_figures():
    credit = report(tenant(price=Decimal("-1.50")))
    *_, row = csv.DictReader(io.StringIO(as_csv(credit)))
    assert (row["name"][:2], row["price"]) == ("'=", "-1.50")
    explained = list(csv.DictReader(io.StringIO(explanation_as_csv(explanation()))))
    assert (explained[0]["price"], explained[1]["text"][0]) == ("-0.5", "'")


def test_csv_by_category_is_of_the_whole_fleet():
    rows = list(csv.DictReader(io.StringIO(as_csv(report(), "category"))))
    assert [(row["category"], row["within"]) for row in rows] == [("sms", ""), ("sms-inbound", "sms")]


PAGES = {
    "tenants": lambda: as_html(report()),
    "categories": lambda: as_html(report(), "category"),
    "explanation": lambda: explanation_as_html(explanation()),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_script_and_asks_nobody(name: str):
    page = PAGES[name]()
    found = Page(page)
    assert "script" not in found.tags
    assert "link" not in found.tags
    assert "img" not in found.tags
    assert found.links == []
    assert not re.search(r"url\(|@import|<script", page)


@pytest.mark.parametrize("name", ["tenants", "explanation"])
def test_a_name_is_never_markup_and_turns_no_text_around(name: str):
    page = PAGES[name]()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_a_page_has_dark_print_and_narrow_styles():
    page = as_html(report())
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "max-width: 40rem" in page
    assert '<meta name="viewport"' in page


def test_a_page_says_what_text_says():
    page = as_html(report())
    for part in ("0.0653 usd", "not available", "Twilio answered 404", "0.01: no category shows it", "1.50 usd"):
        assert part in page
    assert 'width="100"' in page
