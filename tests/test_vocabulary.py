"""Names are words of the field: functions are not bare participles, variables are not pronouns."""

import ast
from collections.abc import Iterable, Iterator

import pytest
from source_rules import SourceFile

MOST_WORDS = 12
"""The most words of a test's name; where a sentence is needed, it is the docstring."""
FROZEN = frozenset({"tests/test_contract.py"})
"""Files that never change."""

_POINTING = "one here told made left said there each it them those these awake lacking others this that"
PRONOUNS = frozenset(_POINTING.split())
"""Words that point at something without a name for it."""

_ENDINGS = (
    "begun brought built chosen done drawn driven found given gone held hidden kept known left lost made meant met "
    "said seen sent shown spent spoken taken thrown told wanted written"
)
IRREGULAR = frozenset(_ENDINGS.split())
"""Past participles that do not end in -ed."""

NO_PARTICIPLES = frozenset({"embed", "exceed", "feed", "need", "proceed", "seed", "speed"})
"""Verbs and nouns that end in -ed."""


def find_names(file: SourceFile) -> Iterator[str]:
    """Yield each function that is a bare participle, and each variable that is a pronoun."""
    if file.package != "policies":  # policies/rules.py is what users start from
        yield from _breaches(file.place, file.nodes)


def _breaches(place: str, nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if _is_participle(name) and not _is_property(node):
                    yield f"{place}:{node.lineno}: function {name} is a bare participle; begin with a verb"
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) if name in PRONOUNS:
                yield f"{place}:{node.lineno}: variable {name} is a pronoun; name the thing"


def _is_participle(name: str) -> bool:
    word = name.strip("_")
    return word in IRREGULAR or (word.endswith("ed") and "_" not in word and word not in NO_PARTICIPLES)


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {getattr(decorator, "id", getattr(decorator, "attr", "")) for decorator in node.decorator_list}
    return bool(names & {"property", "cached_property"})


def find_long_test_names(file: SourceFile) -> Iterator[str]:
    """Yield each name of a test that is too long."""
    if file.package == "tests" and file.place not in FROZEN:
        yield from _long_test_names(file.place, file.nodes)


def _long_test_names(place: str, nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            words = node.name.removeprefix("test_").split("_")
            if len(words) > MOST_WORDS:
                yield f"{place}:{node.lineno}: test_{'_'.join(words)} has {len(words)} words; {MOST_WORDS} at most"


def test_names_are_verbs_and_nouns(breaches):
    assert breaches("test_vocabulary:find_names") == []


def test_names_of_tests_are_short_behaviours(breaches):
    assert breaches("test_vocabulary:find_long_test_names") == []


def _walk(source: str) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(source))


def test_a_long_test_name_is_reported_with_its_number_of_words():
    [sentence] = _long_test_names("x.py", _walk(f"def test_{'_'.join('a' * 13)}(): ..."))
    assert sentence.endswith("has 13 words; 12 at most")
    assert list(_long_test_names("x.py", _walk(f"def test_{'_'.join('a' * 12)}(): ..."))) == []


@pytest.mark.parametrize(
    ("source", "breach"),
    [
        ("def changed(x): ...", "x.py:1: function changed is a bare participle"),
        ("async def _kept(): ...", "x.py:1: function _kept is a bare participle"),
        ("\nfor one in rows: ...", "x.py:2: variable one is a pronoun"),
        ("def find(made): ...", "x.py:1: variable made is a pronoun"),
    ],
)
def test_a_breach_names_file_line_and_word(source, breach):
    assert [found.startswith(breach) for found in _breaches("x.py", _walk(source))] == [True]


@pytest.mark.parametrize(
    "source",
    [
        "def change_state(account): ...",
        "def seed(): ...",
        "class Plan:\n    @property\n    def changed(self): ...",
        "for resource in rows: ...",
        "plan.made = 1",
    ],
)
def test_verbs_and_nouns_pass(source):
    assert list(_breaches("x.py", _walk(source))) == []
