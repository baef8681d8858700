"""The tables of docs/performance.md are those that benchmarks/fleet.py writes, and it says where it can't write one."""

import re
import sys
from dataclasses import replace

import pytest
from docs_text import ROOT

sys.path.append(str(ROOT / "benchmarks"))
from figures import BEGIN, END, HEAD, RULE, Figures, Row, put_into_page, read_figures, write_figures

PAGE = ROOT / "docs" / "performance.md"
SHAPES = ("whole", "account-and-key")
TITLE = re.compile(r"[\d,]+ tenants of \d resources, \d+ ms a call to Twilio, on \d+ cores \(\d{4}-\d\d-\d\d\):")
NUMBER = re.compile(r"[\d,]+(\.\d+)?( \([\d.]+\))?")
NOT_YET = ["Not measured yet on this version."]
ROW = Row("`preview`", 4.25, 6.0, 300_000_000, 500, 900, {"program": 3.0, "Pulumi": 2.5, "fake": 0.01})
FIGURES = Figures("100 tenants of 9 resources, 150 ms a call to Twilio, on 2 cores (2026-11-30)", "whole", 100, (ROW,))


def block(page: str, shape: str) -> list[str]:
    """Return the lines between the marks of a shape."""
    return page.partition(BEGIN.format(shape=shape) + "\n")[2].partition(f"\n{END}")[0].splitlines()


def is_table(lines: list[str]) -> bool:
    title, blank, head, rule, *rows = lines
    cells = [row.strip("| ").split(" | ") for row in rows]
    return (
        bool(TITLE.fullmatch(title))
        and (blank, head, rule) == ("", HEAD, RULE)
        and len(rows) > 0
        and all(len(found) == 7 and all(map(NUMBER.fullmatch, found[1:6])) for found in cells)
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_the_page_has_a_table_of_each_shape(shape):
    lines = block(PAGE.read_text(), shape)
    assert lines == NOT_YET or is_table(lines)


@pytest.mark.parametrize("before", [None, replace(FIGURES, rows=(replace(ROW, wall=8.0),))], ids=["alone", "compared"])
def test_a_table_that_is_written_is_one(tmp_path, before):
    page = tmp_path / "page.md"
    page.write_text(f"above\n{BEGIN.format(shape='whole')}\nold\n{END}\nbelow\n")
    put_into_page(page, FIGURES, before)
    assert is_table(block(page.read_text(), "whole"))
    assert page.read_text().startswith("above\n")
    assert page.read_text().endswith(f"{END}\nbelow\n")
    assert ("4.2 (8.0)" in page.read_text()) is (before is not None)


def test_a_page_without_a_place_is_left_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("nothing here\n")
    with pytest.raises(ValueError, match="has no place for these figures"):
        put_into_page(page, FIGURES)
    assert page.read_text() == "nothing here\n"


def test_figures_are_read_as_they_were_written(tmp_path):
    write_figures(tmp_path / "figures.json", FIGURES)
    assert read_figures(tmp_path / "figures.json") == FIGURES
