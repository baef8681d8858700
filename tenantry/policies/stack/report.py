"""What the rules of a project report of a run, whoever asks: our own commands, or Pulumi's policy SDK.

Violations of manifests are reported at the accounts of their tenants, those that only the stack shows at its end.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenantry.engine.run.command import CommandError
from tenantry.engine.state.holdings import Holdings, read_holdings
from tenantry.policies.own import RulesError
from tenantry.policies.rule import Level, Rule
from tenantry.policies.stack.age import read_days
from tenantry.policies.stack.held import Held
from tenantry.policies.stack.owners import Claim, find_shared
from tenantry.policies.stack.rules import StackRules
from tenantry.policies.violation import Violation

PACK = "tenantry"
"""The name of the pack, also where our commands report for it."""
FILES = "policy-files"
FILES_TITLE = "The manifests, the rules and their settings can be read, and no waiver is invalid or expired."
HELD = "held"
HELD_TITLE = "The resources of the stack comply with the {} rules, also where manifests differ."
OWNERS = "one-owner"
OWNERS_TITLE = "No account and no object of Twilio belongs to two resources of the stack."
LEVELS: tuple[Level, ...] = ("mandatory", "advisory")
FLEET = "fleet"
"""The resource at which is reported what is about no tenant."""
_AGES_UNREAD = "the state, which alone knows how old keys and suspensions are, could not be read: {}"
_HOLDERS_UNREAD = "the state, which knows the holders of adopted objects, could not be read: {}"

ReadState = Callable[[], Mapping[str, Any]]
"""Returns the state of the stack as Pulumi exports it; raises CommandError."""


@dataclass(frozen=True)
class Report:
    """One message of a policy, and the resource that it is about: a tenant's slug, `fleet`, or None, the stack."""

    policy: str
    level: Level
    title: str
    message: str
    about: str | None = FLEET


class UnreadStateError(Exception):
    """The state could not be read; the text is a sentence for the user."""


def report_rules_error(error: RulesError) -> Report:
    """Return what is reported where the rules can't be used, so that none was asked."""
    return Report(FILES, "mandatory", FILES_TITLE, str(error))


def report_manifests(rules: StackRules, registered: Collection[str]) -> Iterator[Report]:
    """Yield the problems of files, and the violations of the manifests of those tenants; raises RulesError."""
    yield from (Report(FILES, "mandatory", FILES_TITLE, text) for text in list_problems(rules))
    for rule in (rule for rule in rules.rules if not rule.needs_state):
        for tenant in (None, *registered):
            for violation in rules.about(rule, tenant):
                yield _report_violation(rules, violation)


def report_stack(
    rules: StackRules, held: Sequence[Held], claims: Sequence[Claim], read_state: ReadState
) -> Iterator[Report]:
    """Yield what only the resources of a stack show, and what only its state knows."""
    for level in LEVELS:
        title = HELD_TITLE.format(level)
        for message, about in find_by_resources(rules, rules_of_level(rules, level), held):
            yield Report(f"{HELD}-{level}", level, title, message, about)
    yield from (
        Report(OWNERS, "mandatory", OWNERS_TITLE, text, None)
        for text in find_owners(claims, lambda: read_holdings(read_state()))
    )
    for rule in rules_of_state(rules):
        level, title = rules.level(rule), describe_rule(rule)
        try:
            found = list(find_by_state(rules, rule, held, read_state))
        except UnreadStateError as error:
            found = [(str(error), None)]
        yield from (Report(rule.id, level, title, message, about) for message, about in found)


def list_problems(rules: StackRules) -> tuple[str, ...]:
    """Return the problems of files for this run."""
    return tuple(map(str, rules.problems))


def rules_of_level(rules: StackRules, level: Level) -> list[Rule]:
    """Return the rules of a level that manifests and resources are enough for."""
    return [rule for rule in rules.rules if rules.level(rule) == level and not rule.needs_state]


def rules_of_state(rules: StackRules) -> list[Rule]:
    """Return the rules that need the state, and are about a tenant of this run."""
    return [rule for rule in rules.rules if rule.needs_state and rules.asks(rule)]


def find_by_resources(
    rules: StackRules, asked: Sequence[Rule], held: Sequence[Held]
) -> Iterator[tuple[str, str | None]]:
    """Yield what resources break that manifests don't, each with the name of the resource that it is about."""
    yield from _find_beyond_manifests(rules, asked, held, None)


def find_by_state(
    rules: StackRules, rule: Rule, held: Sequence[Held], read_state: ReadState
) -> Iterator[tuple[str, str | None]]:
    """Yield what breaks a rule that needs the state; raises UnreadStateError, with which a mandatory rule stops."""
    try:
        made_on = read_days(read_state())
    except CommandError as error:
        unread = _AGES_UNREAD.format(error)
        stop = ". The run stops until it can be read" if rules.level(rule) == "mandatory" else ""
        raise UnreadStateError(f"{unread}{stop}") from error
    yield from _find_beyond_manifests(rules, [rule], held, made_on)


def find_owners(claims: Sequence[Claim], read: Callable[[], Holdings]) -> Iterator[str]:
    """Yield a message for each object that two resources hold; no waiver lifts it, as one holder is a mistake."""
    holdings = Holdings()
    if any(claim.adopt for claim in claims):
        try:
            holdings = read()
        except CommandError as error:
            yield _HOLDERS_UNREAD.format(error)
    for _, sentence in find_shared(claims, holdings):
        yield f"{sentence}: take adopt out of one of them, or remove one"


def describe(violation: Violation) -> str:
    """Return a violation with its place, as a policy reports it."""
    return f"{violation.place}: {violation.message}"


def describe_rule(rule: Rule) -> str:
    """Return the title of the policy of a rule."""
    return f"{rule.title} {rule.why}"


def _find_beyond_manifests(
    rules: StackRules, asked: Sequence[Rule], held: Iterable[Held], made_on: Mapping[str, Any] | None
) -> Iterator[tuple[str, str | None]]:
    try:
        found = rules.find_held_only(asked, held, made_on)
    except RulesError as error:
        yield str(error), None
        return
    for violation in found:
        yield f"{describe(violation)} [{violation.rule.id}]", violation.tenant or FLEET


def _report_violation(rules: StackRules, violation: Violation) -> Report:
    rule, about = violation.rule, violation.tenant or FLEET
    return Report(rule.id, rules.level(rule), describe_rule(rule), describe(violation), about)
