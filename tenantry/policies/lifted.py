"""Waivers in effect: which of them exempt a tenant from a rule that it breaks, and which are new since a commit."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from tenantry.manifest.files import POLICIES
from tenantry.manifest.git import base_of, write_manifests
from tenantry.manifest.load import Loaded
from tenantry.policies.check import RuleBook, build_rule_book
from tenantry.policies.rule import FleetRule, Level
from tenantry.policies.subject import list_subjects
from tenantry.policies.violation import Violation
from tenantry.policies.waivers import Waiver, read_waivers


@dataclass(frozen=True)
class Lifted:
    """A waiver, and the violations that it lifts."""

    waiver: Waiver
    level: Level
    """Of the rule that it lifts."""
    findings: tuple[str, ...]
    """The violations, each with its path; none where the tenant complies, or only the state shows them."""
    is_new: bool | None
    """Whether it is new or says something else than at the commit; None where none was named."""


def find_lifted(
    root: Path, loaded: Loaded, today: date, *, since: str | None = None, focus: Collection[str] | None = None
) -> tuple[Lifted, ...]:
    """Return the waivers to report: those that lift a violation, and all that are new since HEAD branched off `since`.

    Those of the tenants in `focus` alone; None is all. The new ones come first, mandatory rules before others. What
    only a state knows is not asked here, so a waiver of such a rule is told as long as it holds. A project without
    policies has none. Raises RulesError and GitError.
    """
    if not (root / POLICIES).is_dir():
        return ()
    book = build_rule_book(root, today)
    waivers = _list_waivers(book, frozenset(loaded.tenants if focus is None else focus))
    found = tuple(_judge(book, loaded, waivers))
    before = _identify_at(root, since, book) if since is not None else None
    return tuple(sorted(_find_lifted(book, waivers, found, before), key=_order))


def _list_waivers(book: RuleBook, slugs: frozenset[str]) -> tuple[Waiver, ...]:
    return tuple(waiver for waiver in book.waivers.all if waiver.tenant in slugs)


def _judge(book: RuleBook, loaded: Loaded, waivers: Sequence[Waiver]) -> Iterator[Violation]:
    """Yield what the waived rules find: those about one tenant in the waived tenants, those about all in all."""
    tenants, asked = {waiver.tenant for waiver in waivers}, {waiver.rule for waiver in waivers}
    rules = [rule for rule in book.rules if rule.id in asked]
    of_fleet = [rule for rule in rules if isinstance(rule, FleetRule)]
    subjects = list_subjects(loaded, book.today) if rules else ()
    waived = [subject for subject in subjects if subject.slug in tenants]
    yield from book.judge(loaded, of_fleet).violations(subjects)
    yield from book.judge(loaded, [rule for rule in rules if rule not in of_fleet]).violations(waived)


def _find_lifted(
    book: RuleBook, waivers: Sequence[Waiver], found: Sequence[Violation], before: frozenset[object] | None
) -> Iterator[Lifted]:
    rules = {rule.id: rule for rule in book.rules}
    for waiver in waivers:
        lifts = tuple(f"{violation.path}: {violation.sentence}" for violation in found if violation.waiver == waiver)
        is_new = None if before is None else _identify(waiver) not in before
        holds = book.waivers.of(waiver.tenant, waiver.rule, book.today) == waiver
        may_lift = rules[waiver.rule].needs_state and holds
        if lifts or may_lift or is_new:
            yield Lifted(waiver, book.config.of(rules[waiver.rule]).level, lifts, is_new)


def _identify_at(root: Path, since: str, book: RuleBook) -> frozenset[object]:
    """Return the identities of the waivers when HEAD branched off a commit."""
    with TemporaryDirectory(prefix="tenantry-waivers-") as folder:
        write_manifests(root, base_of(root, since), Path(folder))
        waivers = read_waivers(Path(folder), book.rules, (), book.today).all
    return frozenset(map(_identify, waivers))


def _identify(waiver: Waiver) -> object:
    """Return a waiver's identity: its contents without its place."""
    return waiver.tenant, waiver.rule, waiver.reason, waiver.owner, waiver.until


def _order(lifted: Lifted) -> tuple[object, ...]:
    return not lifted.is_new, lifted.level != "mandatory", lifted.waiver.tenant, lifted.waiver.rule
