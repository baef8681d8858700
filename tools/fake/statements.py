"""Writes into docs/fake-statements.md which tests prove each statement: `python tools/fake/statements.py --write`.

The page is the source of the statements' words; its links come from the names of the tests, `test_statement_NN_…`
(`test_statement_NN_NN_…` proves two).
"""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "fake-statements.md"
TESTS = ROOT / "tests" / "fake"
NAME = re.compile(r"test_statement_((?:\d\d_)+)(\w+)")
STATEMENT = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)


def proofs(folder: Path = TESTS) -> dict[int, list[tuple[str, str]]]:
    """By statement: (file, name) of each test that carries its number."""
    found: dict[int, list[tuple[str, str]]] = {}
    for file in sorted(folder.glob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match = NAME.fullmatch(node.name) if isinstance(node, ast.FunctionDef) else None
            for number in re.findall(r"\d\d", match[1]) if match else ():
                found.setdefault(int(number), []).append((file.name, node.name))
    return found


def statements(page: str) -> dict[int, str]:
    """By number: what the page says."""
    return {int(number): text for number, text in STATEMENT.findall(page)}


def render_page(page: str, found: dict[int, list[tuple[str, str]]]) -> str:
    """The page with the tests of today under each statement."""
    kept = [line for line in page.splitlines() if not line.startswith("    * ")]
    lines = []
    for line in kept:
        lines.append(line)
        if match := STATEMENT.match(line):
            lines += [_link(*proof) for proof in found.get(int(match[1]), [])]
    return "\n".join(lines) + "\n"


def _link(file: str, name: str) -> str:
    match = NAME.fullmatch(name)
    sentence = match[2].replace("_", " ") if match else name
    return f"    * [{sentence}](../tests/fake/{file})"


def main() -> int:
    """Write the page, or without --write say whether it is as it would be written."""
    page = PAGE.read_text(encoding="utf-8")
    wanted = render_page(page, proofs())
    if "--write" in sys.argv[1:]:
        PAGE.write_text(wanted, encoding="utf-8")
    elif page != wanted:
        sys.stderr.write("docs/fake-statements.md is old: python tools/fake/statements.py --write\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
