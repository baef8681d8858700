"""Checking a project: its manifests, then the rules, with their settings and waivers."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tenantry.manifest.check import Checked, check_between_stacks, list_slugs_of_every_stack, load_stacks, summarize
from tenantry.manifest.files import POLICIES as POLICIES
from tenantry.manifest.files import is_there
from tenantry.manifest.load import Loaded
from tenantry.manifest.problem import Place, Problem
from tenantry.policies.config import Config, read_config
from tenantry.policies.judge import Judge
from tenantry.policies.own import rules_of
from tenantry.policies.rule import Rule
from tenantry.policies.subject import list_subjects
from tenantry.policies.tls import as_strict, drop_repeated
from tenantry.policies.violation import Violation
from tenantry.policies.waivers import WAIVERS, Waiver, Waivers, read_waivers
from tenantry.text.counts import format_count


@dataclass(frozen=True)
class CheckResult:
    """The problems of a project's files, and the violations in their contents."""

    files: Checked
    """Problems of manifests, of the settings of the rules and of waivers."""
    violations: tuple[Violation, ...] = ()
    """The violations that the rules found, including waived ones."""
    rules: tuple[Rule, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    @property
    def counting(self) -> tuple[Violation, ...]:
        """The violations without a waiver."""
        return tuple(violation for violation in self.violations if violation.waiver is None)

    @property
    def errors(self) -> int:
        """The number of errors, a violation of a mandatory rule among them."""
        return self.files.errors + self._violations("mandatory")

    @property
    def warnings(self) -> int:
        return len(self.files.problems) - self.files.errors + self._violations("advisory")

    @property
    def summary(self) -> str:
        """The result in one line: `7 tenants, 0 errors, 1 warning, 2 waived`."""
        waived = len(self.violations) - len(self.counting)
        parts = [
            format_count(self.files.tenants, "tenant"),
            format_count(self.errors, "error"),
            format_count(self.warnings, "warning"),
            *([f"{waived} waived"] if waived else []),
        ]
        return ", ".join(parts)

    def _violations(self, level: str) -> int:
        return sum(violation.level == level for violation in self.counting)


@dataclass(frozen=True)
class RuleBook:
    """The rules of a project, with their settings and waivers."""

    rules: tuple[Rule, ...]
    config: Config
    waivers: Waivers
    today: date

    def problems_for(self, focus: Collection[str] | None) -> tuple[Problem, ...]:
        """Return what is wrong with settings and with the waivers of some tenants; None is all."""
        return (*self.config.problems, *self.waivers.problems_for(focus))

    def judge(self, loaded: Loaded, rules: Sequence[Rule] | None = None) -> Judge:
        """Return the judge of one stack, for all rules or some of them."""
        asked = self.rules if rules is None else rules
        customers = {name: file.node for name, file in loaded.customers.items()}
        return Judge(asked, self.config, self.waivers, loaded.origins, self.today, loaded.webhooks, customers)


def check_project(root: Path, stack: str | None, today: date, *, strict: bool = False) -> CheckResult:
    """Check a stack, or every stack; a project without a folder `policies` has no rules.

    `strict` makes errors of URLs without TLS; `today` is the day (UTC) that rules and waivers compare with.
    Raises RulesError.
    """
    if not (root / POLICIES).is_dir():
        stacks = load_stacks(root, stack, strict=strict)
        return CheckResult(
            summarize(stacks, *_find_missing_folders(root), *(() if stack else check_between_stacks(stacks)))
        )
    stacks = load_stacks(root, stack)
    book = build_rule_book(root, today)
    found = {violation for loaded in stacks for violation in _violations(book, loaded)}
    violations = _sort(map(as_strict, found) if strict else found, book.rules)
    idle = (
        (*_find_idle(book, violations, stacks), *check_between_stacks(stacks)) if stack is None else ()
    )  # another stack may need what this one does not
    files = summarize(stacks, *book.problems_for(None), *idle)
    files = replace(files, problems=drop_repeated(files.problems, violations, strict=strict))
    return CheckResult(files, violations, book.rules, book.waivers.all)


def build_rule_book(root: Path, today: date) -> RuleBook:
    """Read the rules of a project, their settings and its waivers. Raises RulesError."""
    rules = rules_of(root)
    config = read_config(root, rules)
    waivers = read_waivers(root, rules, list_slugs_of_every_stack(root), today, config.longest_waiver)
    return RuleBook(rules, config, waivers, today)


def _find_missing_folders(root: Path) -> Iterator[Problem]:
    """Yield a problem for an entry with the name of such a folder that is none, such as a broken link."""
    for name in (POLICIES, WAIVERS):
        path = root / name
        if is_there(path) and not path.is_dir():
            what = "is a link that leads nowhere" if path.is_symlink() else "is no folder"
            sentence = f"{what}, so no rule of it is asked; put the folder in its place, or remove it"
            yield Problem.at(Place(name), "", sentence)


def _violations(book: RuleBook, loaded: Loaded) -> tuple[Violation, ...]:
    return book.judge(loaded).violations(list_subjects(loaded, book.today))


def _sort(violations: Iterable[Violation], rules: Sequence[Rule]) -> tuple[Violation, ...]:
    order = {rule.id: number for number, rule in enumerate(rules)}
    return tuple(
        sorted(
            violations,
            key=lambda found: (found.place, order[found.rule.id], found.path, found.tenant or "", found.sentence),
        )
    )


def _find_idle(book: RuleBook, violations: Sequence[Violation], stacks: Sequence[Loaded]) -> Iterator[Problem]:
    """Yield a warning for each waiver without an effect; rules about the state are not considered."""
    used = {violation.waiver for violation in violations}
    known = {rule.id for rule in book.rules if not rule.needs_state}
    checked_tenants = {slug for loaded in stacks for slug in loaded.tenants}
    for waiver in book.waivers.all:
        if (
            waiver not in used
            and waiver.rule in known
            and waiver.tenant in checked_tenants
            and book.waivers.of(waiver.tenant, waiver.rule, book.today) == waiver
        ):
            sentence = f"has no effect: {waiver.tenant} complies with {waiver.rule}, or the rule is disabled; remove it"
            yield Problem.at(waiver.place, waiver.rule, sentence, "warning")
