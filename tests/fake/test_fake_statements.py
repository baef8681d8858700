"""docs/fake-statements.md lists the 65 statements, each with the tests that prove it."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "fake-statements.md").read_text(encoding="utf-8")
TOOL = runpy.run_path(str(ROOT / "tools" / "fake" / "statements.py"))


@pytest.fixture(scope="module")
def proofs():
    return TOOL["proofs"]()


def test_the_page_lists_65_statements():
    assert list(TOOL["statements"](PAGE)) == list(range(1, 66))


@pytest.mark.parametrize("number", range(1, 66))
def test_each_statement_has_a_test_that_carries_its_number(number, proofs):
    assert proofs.get(number), f"no test is named test_statement_{number:02}_…: {TOOL['statements'](PAGE)[number]}"


def test_no_test_carries_a_number_that_there_is_not(proofs):
    assert set(proofs) <= set(range(1, 66))


def test_the_page_names_the_tests_of_today(proofs):
    assert TOOL["render_page"](PAGE, proofs) == PAGE, "run: python tools/fake/statements.py --write"


def test_one_test_can_prove_two_statements(tmp_path):
    (tmp_path / "test_x.py").write_text("def test_statement_07_12_it_holds(): ...\n")
    proof = ("test_x.py", "test_statement_07_12_it_holds")
    assert TOOL["proofs"](tmp_path) == {7: [proof], 12: [proof]}
    page = TOOL["render_page"]("7. A.\n    * [old](old.py)\n", {7: [proof]})
    assert page == "7. A.\n    * [it holds](../tests/fake/test_x.py)\n"
