"""A file is a subject, and a function one step of a story: both stay short enough to be read at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("benchmarks", "components", "faketwilio", "policies", "tenantry", "tests", "tools")
MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40
"""Decorators aside: the options of a command are no step of its story."""
FROZEN = frozenset({"tests/test_contract.py"})
"""Files that never change."""


def _breaches(place: str, source: str) -> Iterator[str]:
    if place not in FROZEN and (lines := len(source.splitlines())) > MOST_LINES_OF_A_FILE:
        yield f"{place}: {lines} lines; a file has {MOST_LINES_OF_A_FILE} at most"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield f"{place}:{node.lineno}: {node.name} has {lines} lines; a function has {MOST_LINES_OF_A_FUNCTION}"


@pytest.mark.parametrize("package", PACKAGES)
def test_files_and_functions_are_short(package):
    breaches = [
        breach
        for path in sorted((ROOT / package).rglob("*.py"))
        if ".work" not in path.parts
        for breach in _breaches(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    ]
    assert not breaches, "\n" + "\n".join(breaches)


def test_what_is_too_long_is_named():
    body = "    pass\n" * MOST_LINES_OF_A_FUNCTION
    assert list(_breaches("x.py", f"def run():\n{body}")) == ["x.py:1: run has 41 lines; a function has 40"]
    assert list(_breaches("x.py", "\n" * 301)) == ["x.py: 301 lines; a file has 300 at most"]
