"""Money is exact: no float is written, made or asked for where money is rated, kept or rounded."""

import ast
from collections.abc import Iterable, Iterator

import pytest
from source_rules import ROOT, SourceFile

PACKAGE = ROOT / "tenantry"
EXACT = (
    "operations/billing",
    "ledger",
    "model/money.py",
    "model/charge.py",
    "model/terms.py",
    "model/usage_reading.py",
)
"""Folders and files without a float."""

INEXACT_CALLS = frozenset({"float", "from_float", "fsum", "fmean", "mean"})
DIVISIBLE = frozenset({"Fraction", "Decimal"})
"""What a true division begins with that stays exact."""


def find_floats(file: SourceFile) -> Iterator[str]:
    """Yield each float of a file where money is."""
    if is_exact(file):
        yield from (f"{file.place}:{breach}" for breach in _inexact(file.nodes))


def is_exact(file: SourceFile) -> bool:
    """Return whether a file is one that EXACT names, or lies below a folder of it."""
    return any(file.path == PACKAGE / name or file.path.is_relative_to(PACKAGE / name) for name in EXACT)


def _inexact(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Constant(value=float() | complex()):
                yield f"{node.lineno}: a float is written"
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in INEXACT_CALLS:
                yield f"{node.lineno}: {name}() makes a float"
            case ast.Name(id="float", ctx=ast.Load()):
                yield f"{node.lineno}: the type float is asked for"
            case ast.BinOp(op=ast.Div(), left=left, right=right) if not (_is_exact(left) or _is_exact(right)):
                yield f"{node.lineno}: a true division; write Fraction(…) on a side of it, or //"
            case ast.AugAssign(op=ast.Div()):
                yield f"{node.lineno}: a true division; write Fraction(…) on a side of it, or //"
            case ast.Import(names=names) if any(alias.name in ("math", "statistics") for alias in names):
                yield f"{node.lineno}: math and statistics work with floats"
            case ast.ImportFrom(module="math" | "statistics"):
                yield f"{node.lineno}: math and statistics work with floats"


def _is_exact(node: ast.expr) -> bool:
    """Return whether an operand shows that nothing is divided to a float: a Fraction, a Decimal, a path."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in DIVISIBLE
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True  # part of a path
        case ast.BinOp(left=left, right=right, op=ast.Mult() | ast.Add() | ast.Sub() | ast.Div()):
            return _is_exact(left) or _is_exact(right)
    return False


def test_no_float_where_money_is(breaches):
    assert all((PACKAGE / name).exists() for name in EXACT)
    assert breaches("test_money_types:find_floats") == []


@pytest.mark.parametrize(
    "source",
    [
        "price = 0.5",
        "Decimal(0.1)",
        "float(price)",
        "def f(price: float): ...",
        "average = cost / units",
        "cost /= 3",
        "import math",
        "from statistics import mean",
        "Decimal.from_float(price)",
        "1e3",
    ],
)
def test_a_float_is_found(source):
    assert list(_inexact(ast.walk(ast.parse(source))))


@pytest.mark.parametrize("source", ["Fraction(cost) / units", "Fraction(a) * days / whole", "a // b", "Decimal('0.5')"])
def test_exact_arithmetic_passes(source):
    assert list(_inexact(ast.walk(ast.parse(source)))) == []
