"""The page about reliability names tests that are there."""

import re

from docs_text import ROOT

PAGE = ROOT / "docs" / "reliability.md"
NAMED = re.compile(r"`(test_\w+)`")


def test_every_promise_names_tests_that_are_there():
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)
    }
    promises = [line for line in PAGE.read_text().splitlines() if line.startswith("| ") and "`test_" in line]
    assert len(promises) >= 20
    assert {name for line in promises for name in NAMED.findall(line)} - written == set()
