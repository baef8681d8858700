"""Check the tenants of a stack with every rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tenantry.manifest.files import PROJECT
from tenantry.manifest.problem import Place, format_path
from tenantry.manifest.yaml.tree import Node, node_at
from tenantry.policies.config import Config
from tenantry.policies.raised import RAISED, make_rules_error, stops
from tenantry.policies.rule import Finding, FleetRule, Level, Parameters, Rule, TenantRule
from tenantry.policies.subject import Subject
from tenantry.policies.violation import Violation, place_of
from tenantry.policies.waivers import Waivers


@dataclass(frozen=True)
class Judge:
    """The rules of a project with their settings and waivers, and where the values of its tenants were written."""

    rules: Sequence[Rule]
    config: Config
    waivers: Waivers
    origins: Mapping[str, Node]
    """The effective manifest of each tenant, in which every value has its place."""
    today: date
    webhooks: Place
    """Where the base of every URL that is written as a path was written."""
    customers: Mapping[str, Node] = field(default_factory=dict)
    """The customers' files by slug, in which every value knows its place."""

    def violations(self, subjects: Sequence[Subject]) -> tuple[Violation, ...]:
        """Return what the rules find, waived or not, in the order of the rules."""
        kept = [subject for subject in subjects if subject.is_kept]
        closed = [subject for subject in subjects if subject.is_closed]
        return tuple(
            self._make_violation(rule, subject, finding)
            for rule in self.rules
            if self.config.of(rule).level != "disabled"
            for subject, finding in (
                _run_fleet_rule(rule, subjects, self.config.of(rule).parameters)
                if isinstance(rule, FleetRule)
                else _run_tenant_rule(rule, closed if rule.closed else kept, self.config.of(rule).parameters)
            )
        )

    def _make_violation(self, rule: Rule, subject: Subject | None, finding: Finding) -> Violation:
        slug = subject.slug if subject else None
        node = self.origins.get(slug or "")
        place, path = self._find_place(self._customer_of(subject) if finding.of_customer else node, finding)
        return Violation(
            rule=rule,
            level=self._level(rule, subject),
            tenant=slug,
            place=place,
            path=path,
            sentence=_with_both_places(finding, node),
            waiver=self.waivers.of(slug, rule.id, self.today),
        )

    def _level(self, rule: Rule, subject: Subject | None) -> Level:
        """Return the level of a rule; of a tenant that is only observed nobody can do what a mandatory one asks for."""
        level = self.config.of(rule).level
        return "advisory" if level == "mandatory" and subject is not None and subject.tenant.is_observed else level

    def _customer_of(self, subject: Subject | None) -> Node | None:
        return self.customers.get(subject.tenant.customer_key) if subject else None

    def _find_place(self, node: Node | None, finding: Finding) -> tuple[Place, str]:
        """Return the place that set the value, and its path there."""
        if node is None:
            return Place(PROJECT), format_path(finding.path)
        written = node_at(node, finding.path)
        if finding.of_base and written is not None and str(written.value).startswith("/"):
            return self.webhooks, "webhooks"
        return place_of(node, finding), format_path(finding.path)


def _with_both_places(finding: Finding, node: Node | None) -> str:
    """Return the sentence of a finding with the path and the place of the value that it contradicts, if any."""
    if finding.beside is None:
        return finding.sentence
    other = format_path(finding.beside)
    if node is None:
        return f"{finding.sentence} ({other})"
    return f"{finding.sentence} ({other} stands at {place_of(node, Finding(finding.beside, ''))})"


def _run_fleet_rule(
    rule: FleetRule[Parameters], subjects: Sequence[Subject], parameters: Parameters
) -> list[tuple[Subject | None, Finding]]:
    with stops(_describe_broken(rule, "the stack")):
        return [(subject, _require_finding(found)) for subject, found in rule.check(subjects, parameters)]


def _run_tenant_rule(
    rule: TenantRule[Parameters], subjects: Sequence[Subject], parameters: Parameters
) -> list[tuple[Subject | None, Finding]]:
    found: list[tuple[Subject | None, Finding]] = []
    for subject in subjects:
        try:  # no context manager and no list of its own: this is done for each rule and each tenant
            for finding in rule.check(subject, parameters):
                found.append((subject, _require_finding(finding)))
        except Exception as error:
            raise make_rules_error(_describe_broken(rule, f"the tenant {subject.slug}"), error) from error
    return found


def _require_finding(found: object) -> Finding:
    if not isinstance(found, Finding):
        raise TypeError(f"it yields {found!r}, which is no Finding")
    return found


def _describe_broken(rule: Rule, what: str) -> str:
    return (
        f"The rule {rule.id} could not be asked about {what}: {RAISED}. So nothing was decided, and nothing goes on. "
        "Look at the value that it was asked about: the rule may be what refuses it. "
        "Then correct the rule or the value."
    )


def is_about(rule: Rule, subject: Subject) -> bool:
    """Return whether a rule is asked about a tenant."""
    if isinstance(rule, FleetRule):
        return True
    return subject.is_closed if rule.closed else subject.is_kept
