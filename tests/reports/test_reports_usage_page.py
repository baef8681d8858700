"""Pages of usage as a browser shows them: on a telephone, dark, and with names that nobody expects."""

import pytest
from reports_browser import NARROW, measure
from reports_usage import explanation, report, tenant

from tenantry.reports.usage.as_html import as_html, explanation_as_html

LONG = "W" * 120
PAGES = {
    "tenants": as_html(report(tenant(name=LONG), tenant("a" * 63, reason=LONG))),
    "categories": as_html(report(), "category"),
    "explanation": explanation_as_html(explanation()),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_telephone(name: str):
    measured = measure(PAGES[name])
    assert (measured["width"], measured["content"]) == (NARROW, NARROW)


def test_a_page_is_dark_where_that_is_preferred():
    dark = measure(PAGES["tenants"], 800, "dark")
    light = measure(PAGES["tenants"], 800)
    assert (dark["paper"], light["paper"]) == ("rgb(13, 17, 23)", "rgb(255, 255, 255)")


def test_a_person_reads_what_others_wrote_as_text():
    assert "<script>alert(1)</script>" in measure(as_html(report()))["text"]
