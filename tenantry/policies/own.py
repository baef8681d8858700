"""The rules of a project: ours, or what its own policies/rules.py makes of them."""

import importlib.util
from pathlib import Path

from tenantry.policies.raised import OWN, RAISED, stops
from tenantry.policies.raised import RulesError as RulesError
from tenantry.policies.registry import RULES
from tenantry.policies.rule import FleetRule, Rule, TenantRule


def rules_of(root: Path) -> tuple[Rule, ...]:
    """Return the rules of a project; a project without policies/rules.py has ours.

    Runs that file; RulesError where it is no Python, imports what is not there, raises anything or has no usable RULES.
    """
    path = root / OWN
    if not path.is_file():
        _refuse_misnamed(path)
        return RULES
    spec = importlib.util.spec_from_file_location("tenantry_policies_rules", path)
    if spec is None or spec.loader is None:
        raise RulesError(f"{OWN} can't be loaded as Python; put a file in its place, or remove it")
    module = importlib.util.module_from_spec(spec)
    with stops(f"{OWN} can't be loaded, so no rule was checked: {RAISED}; repair the file"):
        spec.loader.exec_module(module)
    rules = getattr(module, "RULES", None)
    if not isinstance(rules, tuple):
        raise RulesError(f"{OWN} has no tuple RULES; write RULES = (*tenantry.policies.registry.RULES, …)")
    strange = [rule for rule in rules if not isinstance(rule, TenantRule | FleetRule)]
    if strange:
        raise RulesError(f"{OWN} has {strange[0]!r} among RULES; make it a TenantRule or a FleetRule, or take it out")
    return _require_distinct(rules)


def _refuse_misnamed(path: Path) -> None:
    """Refuse a file whose name has another case: its rules would be ignored without a message."""
    for entry in sorted(path.parent.iterdir()) if path.parent.is_dir() else ():
        if entry.name.lower() == path.name:
            raise RulesError(f"policies/{entry.name} is not read: rename it to {path.name}")


def _require_distinct(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    ids = [rule.id for rule in rules]
    repeated = sorted({rule for rule in ids if ids.count(rule) > 1})
    if repeated:
        raise RulesError(f"{OWN} has two rules with the id {', '.join(repeated)}; ids are unique, rename yours")
    return rules
