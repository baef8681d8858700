"""The rules of a project, and their violations in one stack: first of its manifests, then of its resources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from tenantry.engine.run.focus import TARGET_VARIABLE, slugs_in
from tenantry.manifest.load import Loaded, load
from tenantry.manifest.problem import Problem
from tenantry.policies.check import RuleBook, build_rule_book
from tenantry.policies.judge import is_about
from tenantry.policies.rule import FleetRule, Level, Rule
from tenantry.policies.stack.held import Held, as_held
from tenantry.policies.subject import Subject, list_subjects
from tenantry.policies.violation import Violation


@dataclass(frozen=True)
class StackRules:
    """The rules of a project, and its manifests as one stack sees them."""

    root: Path
    stack: str | None
    environ: Mapping[str, str]
    book: RuleBook
    loaded: Loaded | None = None
    """The manifests, where they were read already."""

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that are not disabled."""
        return tuple(rule for rule in self.book.rules if self.level(rule) != "disabled")

    @cached_property
    def by_manifest(self) -> tuple[Violation, ...]:
        """The violations of the manifests, without waived ones."""
        return self._find_violations(self.rules, self._subjects)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of files, except waivers of tenants outside of this run.

        A pack that lies in no project, as a published one does, finds no manifest.
        """
        return (*self._loaded.errors, *self.book.problems_for(self._focus))

    def level(self, rule: Rule) -> Level:
        return self.book.config.of(rule).level

    def asks(self, rule: Rule) -> bool:
        """Return whether a run of this stack has a tenant that a rule is about; without a stack, it may have one."""
        return self.stack is None or any(is_about(rule, subject) for subject in self._subjects)

    def about(self, rule: Rule, tenant: str | None) -> tuple[Violation, ...]:
        """Return the violations of a rule by a tenant's manifest; without a tenant, those about the stack."""
        return self._by_rule_and_tenant.get((rule.id, tenant), ())

    def find_held_only(
        self, rules: Sequence[Rule], held: Iterable[Held], made_on: Mapping[str, date] | None
    ) -> tuple[Violation, ...]:
        """Return the violations of a stack that its manifests don't have, for the tenants of this run."""
        reported = {_identify(violation) for violation in self.by_manifest}
        return tuple(
            violation
            for violation in self._find_held(rules, tuple(held), made_on)
            if _identify(violation) not in reported
            and (self._focus is None or violation.tenant is None or violation.tenant in self._focus)
        )

    def _find_held(
        self, rules: Sequence[Rule], held: Sequence[Held], made_on: Mapping[str, date] | None
    ) -> Iterator[Violation]:
        """Yield the violations of a stack; a rule about one tenant is asked about those of this run alone."""
        focused = [subject for subject in self._subjects if self._focus is None or subject.slug in self._focus]
        asks_all = self._focus is not None and any(isinstance(rule, FleetRule) for rule in rules)
        some = tuple(as_held(focused, held, made_on))
        every = tuple(as_held(self._subjects, held, made_on)) if asks_all else some
        for rule in rules:
            yield from self._find_violations([rule], every if isinstance(rule, FleetRule) else some)

    @cached_property
    def _focus(self) -> frozenset[str] | None:
        return slugs_in(self.environ.get(TARGET_VARIABLE))

    @cached_property
    def _loaded(self) -> Loaded:
        return self.loaded or load(self.root, self.stack)

    @cached_property
    def _subjects(self) -> tuple[Subject, ...]:
        return list_subjects(self._loaded, self.book.today)

    @cached_property
    def _by_rule_and_tenant(self) -> Mapping[tuple[str, str | None], tuple[Violation, ...]]:
        found: dict[tuple[str, str | None], tuple[Violation, ...]] = {}
        for violation in self.by_manifest:
            found[violation.rule.id, violation.tenant] = (
                *found.get((violation.rule.id, violation.tenant), ()),
                violation,
            )
        return found

    def _find_violations(self, rules: Sequence[Rule], subjects: Sequence[Subject]) -> tuple[Violation, ...]:
        found = self.book.judge(self._loaded, rules).violations(subjects)
        return tuple(violation for violation in found if violation.waiver is None)


def read_stack_rules(root: Path, environ: Mapping[str, str], today: date) -> StackRules:
    """Read the rules of a project; Pulumi tells the stack in PULUMI_STACK. Raises RulesError."""
    return StackRules(root, environ.get("PULUMI_STACK"), environ, build_rule_book(root, today))


def _identify(violation: Violation) -> tuple[str, str | None, str, str]:
    return violation.rule.id, violation.tenant, violation.path, violation.sentence
