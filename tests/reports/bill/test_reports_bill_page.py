"""Statements as a browser shows them: on a telephone, dark, on paper; no script and no request to anybody."""

import re
from functools import cache
from html.parser import HTMLParser

import pytest
from reports_bill import bill, close, document_of, draft, fleet, internal
from reports_browser import NARROW, measure, print_page

from tenantry.reports.bill.as_html import as_html, statement_as_html

LONG = "W" * 120
PAGES = {
    "6": lambda: statement_as_html(document_of(close(internal("6")))),
    "10a": lambda: statement_as_html(document_of(close(internal("10a")))),
    "5, a draft": lambda: statement_as_html(document_of(draft(internal("5")))),
    "a long name": lambda: statement_as_html(document_of(close(internal("9a", name=LONG)))),
    "all of customers": lambda: as_html(fleet(), "customer"),
    "for us": lambda: as_html(fleet(), "us"),
}
"""How each page is made: not before a test needs it, for every worker imports this file."""


@cache
def page_of(name: str) -> str:
    return PAGES[name]()


class Page(HTMLParser):
    """Tags, links and headers of rows of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("src", "href", "srcset", "action", "style")]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_script_and_asks_nobody(name):
    page = Page(page_of(name))
    assert not {"script", "link", "img", "iframe", "form"} & set(page.tags)
    assert [link for link in page.links if not link.startswith("#statement-")] == []
    assert not re.search(r"url\(|@import|<script", page_of(name))


def test_a_link_of_our_page_leads_to_its_statement():
    links = [link.removeprefix("#") for link in Page(page_of("for us")).links]
    assert links
    assert [link for link in links if f'id="{link}"' not in page_of("for us")] == []


def test_a_draft_is_marked_for_those_who_see_nothing_and_on_paper():
    assert '<p class="draft" role="note">DRAFT.' in page_of("5, a draft")
    assert '<div class="watermark" aria-hidden="true">DRAFT</div>' in page_of("5, a draft")
    assert 'class="watermark"' not in page_of("all of customers")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_telephone(name):
    measured = measure(page_of(name))
    assert (measured["width"], measured["content"]) == (NARROW, NARROW)


def test_a_statement_is_dark_where_that_is_preferred():
    dark = measure(page_of("6"), 800, "dark")
    assert dark["paper"] == "rgb(13, 17, 23)"


def test_a_person_reads_a_golden_statement():
    text = measure(page_of("10a"), 900)["text"]
    assert "Text messages, above 100 included\t50\t0.50\t25.00" in text
    assert "Discount, 5 %\t\t\t−6.75" in text
    assert "Total\t139.61 USD" in text


@pytest.mark.parametrize(("name", "sheets"), [("10a", 1), ("5, a draft", 1), ("all of customers", 3)])
def test_each_statement_is_a_sheet_of_paper(name, sheets):
    assert len(re.findall(rb"/Type\s*/Page\b", print_page(page_of(name)))) == sheets


def test_a_page_of_no_statement_fits_too():
    assert measure(as_html(bill(), "us"))["content"] == NARROW
