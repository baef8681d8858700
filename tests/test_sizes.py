"""A file is a subject, and a function one step of a story: both stay short enough to be read at once."""

import ast
from collections.abc import Iterator

from source_rules import ROOT, SourceFile

MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40
"""Decorators aside: the options of a command are no step of its story."""
FROZEN = frozenset({"tests/test_contract.py"})
"""Files that never change."""


def find_long_parts(file: SourceFile) -> Iterator[str]:
    """Yield the file if it is too long, and each of its functions that is."""
    if file.place not in FROZEN and (lines := len(file.text.splitlines())) > MOST_LINES_OF_A_FILE:
        yield f"{file.place}: {lines} lines; a file has {MOST_LINES_OF_A_FILE} at most"
    for node in file.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                where = f"{file.place}:{node.lineno}: {node.name}"
                yield f"{where} has {lines} lines; a function has {MOST_LINES_OF_A_FUNCTION}"


def test_files_and_functions_are_short(breaches):
    assert breaches("test_sizes:find_long_parts") == []


def test_what_is_too_long_is_named():
    body = "    pass\n" * MOST_LINES_OF_A_FUNCTION
    path = ROOT / "x.py"
    assert list(find_long_parts(SourceFile(path, f"def run():\n{body}"))) == [
        "x.py:1: run has 41 lines; a function has 40"
    ]
    assert list(find_long_parts(SourceFile(path, "\n" * 301))) == ["x.py: 301 lines; a file has 300 at most"]
