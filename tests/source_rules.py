"""How we write, checked over every Python file of the repository: each is parsed once, for all rules and workers."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("benchmarks", "components", "faketwilio", "policies", "tenantry", "tests", "tools")
OTHERS = {".work", "__pycache__"}
"""Folders below ours that hold what we did not write."""


@dataclass(frozen=True)
class SourceFile:
    """A file, and its syntax tree."""

    path: Path
    text: str

    @property
    def place(self) -> str:
        """Its name below the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def package(self) -> str:
        return self.path.relative_to(ROOT).parts[0]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of its tree."""
        return tuple(ast.walk(ast.parse(self.text)))


Rule = Callable[[SourceFile], Iterator[str]]
RULES = (
    "test_encodings:find_locale_encodings",
    "test_floors:find_upward_imports",
    "test_floors:find_upward_capabilities",
    "test_money_types:find_floats",
    "test_sizes:find_long_parts",
    "test_vocabulary:find_names",
    "test_vocabulary:find_long_test_names",
)
"""The rules, each in the test that is about it: it yields the breaches of a file, if it is about that."""


def find_all_breaches(_: Path) -> dict[str, list[str]]:
    """Return the breaches of each rule by the rule's name."""
    found: dict[str, list[str]] = {rule: [] for rule in RULES}
    rules: list[tuple[str, Rule]] = [(rule, _import_rule(rule)) for rule in RULES]
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if OTHERS.isdisjoint(path.parts):
                file = SourceFile(path, path.read_text(encoding="utf-8"))
                for name, rule in rules:
                    found[name] += rule(file)
    return found


def _import_rule(name: str) -> Rule:
    module, _, function = name.partition(":")
    rule: Rule = getattr(import_module(module), function)
    return rule
