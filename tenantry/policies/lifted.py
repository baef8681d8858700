"""Waivers at work: which of them let a tenant off a rule that it breaks, and which are new since a commit."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from tenantry.manifest.files import POLICIES
from tenantry.manifest.git import base_of, write_manifests
from tenantry.manifest.load import Loaded
from tenantry.policies.check import RuleBook, rule_book
from tenantry.policies.rule import Level
from tenantry.policies.subject import subjects_in
from tenantry.policies.violation import Violation
from tenantry.policies.waivers import Waiver, read_waivers


@dataclass(frozen=True)
class Lifted:
    """A waiver, and what it lets its tenant off."""

    waiver: Waiver
    level: Level
    """Of the rule that it lifts."""
    findings: tuple[str, ...]
    """What the tenant breaks, each with its path; none where it keeps to the rule, or only the state shows it."""
    is_new: bool | None
    """Whether it is new or says something else than at the commit; None where none was named."""


def lifted_rules(
    root: Path, loaded: Loaded, today: date, *, since: str | None = None, focus: Collection[str] | None = None
) -> tuple[Lifted, ...]:
    """Return the waivers that a run should tell: those that lift a rule, and all that are new since HEAD left `since`.

    Those of the tenants in `focus` alone; None is all. The new ones come first, mandatory rules before others. What
    only a state knows is not asked here, so a waiver of such a rule is told as long as it holds. A project without
    policies has none. Raises RulesError and GitError.
    """
    if not (root / POLICIES).is_dir():
        return ()
    book = rule_book(root, today)
    found = book.judge(loaded).violations(subjects_in(loaded, today))
    before = _said_at(root, since, book) if since is not None else None
    return tuple(sorted(_lifted(book, _of(loaded, focus), found, before), key=_order))


def _of(loaded: Loaded, focus: Collection[str] | None) -> frozenset[str]:
    return frozenset(loaded.tenants if focus is None else focus)


def _lifted(
    book: RuleBook, slugs: frozenset[str], found: Sequence[Violation], before: frozenset[object] | None
) -> Iterator[Lifted]:
    rules = {rule.id: rule for rule in book.rules}
    for waiver in book.waivers.all:
        lifts = tuple(f"{one.path}: {one.sentence}" for one in found if one.waiver == waiver)
        is_new = None if before is None else _said(waiver) not in before
        holds = book.waivers.of(waiver.tenant, waiver.rule, book.today) == waiver
        may_lift = rules[waiver.rule].needs_state and holds
        if waiver.tenant in slugs and (lifts or may_lift or is_new):
            yield Lifted(waiver, book.config.of(rules[waiver.rule]).level, lifts, is_new)


def _said_at(root: Path, since: str, book: RuleBook) -> frozenset[object]:
    """Return what waivers said when HEAD left a commit."""
    with TemporaryDirectory(prefix="tenantry-waivers-") as folder:
        write_manifests(root, base_of(root, since), Path(folder))
        waivers = read_waivers(Path(folder), book.rules, (), book.today).all
    return frozenset(map(_said, waivers))


def _said(waiver: Waiver) -> object:
    """Return what a waiver says, wherever it stands."""
    return waiver.tenant, waiver.rule, waiver.reason, waiver.owner, waiver.until


def _order(one: Lifted) -> tuple[object, ...]:
    return not one.is_new, one.level != "mandatory", one.waiver.tenant, one.waiver.rule
