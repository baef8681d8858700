"""No rule can silently be a no-op: whatever is taken out of a rule or turned round in it, a case of it shows."""

import ast
import inspect
import sys
import types
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from rule_cases import Case, found_in, subjects_for
from rule_table import CASES

from tenantry.policies.config import build_config_model
from tenantry.policies.own import RulesError, rules_of
from tenantry.policies.rule import Rule
from tenantry.policies.subject import Subject

ROOT = Path(__file__).resolve().parents[2]
RULES = rules_of(ROOT)
TURNED = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Gt: ast.GtE,
    ast.LtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_mutant_of_a_rule_is_caught(rule: Rule):
    source = source_of(rule)
    mutants = list(mutants_of(source))
    assert len(mutants) > 1
    survivors = [where for where, mutant in mutants if keeps_every_case(mutate(rule, mutant))]
    assert survivors == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_rule_itself_passes_the_same_way(rule: Rule):
    assert keeps_every_case(mutate(rule, ast.parse(source_of(rule))))


def source_of(rule: Rule) -> str:
    return Path(inspect.getsourcefile(rule.check) or "").read_text(encoding="utf-8")


def keeps_every_case(rule: Rule) -> bool:
    """Return whether all cases come out as they should; a mutant that fails is caught too."""
    try:
        model = build_config_model([rule])
        return all(found_in(rule, case, model, subjects) == list(case.finds) for case, subjects in cases_of(rule.id))
    except RulesError:
        return False


@cache
def cases_of(rule: str) -> list[tuple[Case, tuple[Subject, ...]]]:
    """Return the cases of a rule with their subjects, which are the same for each of its mutants."""
    return [(case, subjects_for(case)) for case in CASES[rule]]


def mutate(rule: Rule, tree: ast.Module) -> Rule:
    """Run a changed source and return its rule of the same id."""
    module = types.ModuleType("mutant")
    sys.modules["mutant"] = module
    exec(compile(ast.fix_missing_locations(tree), "mutant", "exec"), module.__dict__)
    return next(item for item in vars(module).values() if getattr(item, "id", None) == rule.id)


def mutants_of(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the source with one thing changed in a function, each with what was changed."""
    scratch = ast.parse(source)
    inside = {inner for top in scratch.body if isinstance(top, ast.FunctionDef) for inner in ast.walk(top)}
    nodes = list(ast.walk(scratch))
    for number in [number for number, node in enumerate(nodes) if node in inside and list(change(node))]:
        tree = ast.parse(source)
        node = list(ast.walk(tree))[number]
        yield from ((f"line {node.lineno}: {what}", tree) for what in change(node))


def change(node: ast.AST) -> Iterator[str]:
    """Change a node in place, if there is a way; say how."""
    match node:
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            node.value = ast.Constant(None)
            yield "finds nothing"
        case ast.If() if not isinstance(node.test, ast.Constant):
            node.test = ast.UnaryOp(ast.Not(), node.test)
            yield "if the other way round"
        case ast.Compare(ops=[operator]) if type(operator) in TURNED:
            node.ops = [TURNED[type(operator)]()]
            yield f"{type(operator).__name__} turned"
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "and for or"
        case ast.UnaryOp(op=ast.Not()):
            node.op = ast.UAdd()
            node.operand = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
            yield "without not"
        case ast.Return() if node.value is not None and not isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)
            yield "returns nothing"
        case ast.Constant(value=int() as number) if not isinstance(number, bool):
            node.value = number + 1
            yield f"{number} + 1"
