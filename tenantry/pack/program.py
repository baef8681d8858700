"""The rules as Pulumi's policy SDK takes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from tenantry.engine.command import CommandError
from tenantry.engine.find import NoEngineError
from tenantry.engine.focus import TARGET_VARIABLE, slugs_in
from tenantry.manifest.load import Loaded, load
from tenantry.pack.age import days_made
from tenantry.pack.stack import FIELDS, Held, as_held
from tenantry.rules.check import RuleBook, rule_book
from tenantry.rules.rule import Rule
from tenantry.rules.subject import Subject, subjects_of
from tenantry.rules.violation import Violation

PACK = "tenantry"
FILES = "policy-files"
"""The policy that tells what is wrong with the settings of the rules and with waivers."""
_TYPE = "pulumi-python:dynamic/twilio:"


def run(root: Path, environ: Mapping[str, str], today: date) -> None:
    """Serve the rules of a project to the engine; does not return. Raises RulesError."""
    pack = Pack(root, environ.get("PULUMI_STACK"), environ, rule_book(root, today))
    PolicyPack(PACK, policies=policies_of(pack))


@dataclass(frozen=True)
class Pack:
    """The rules of a project, and its manifests as one stack sees them."""

    root: Path
    stack: str | None
    environ: Mapping[str, str]
    book: RuleBook

    @cached_property
    def loaded(self) -> Loaded:
        return load(self.root, self.stack)

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        return subjects_of(self.loaded.tenants.values(), self.loaded.stack, self.book.today)

    @cached_property
    def by_rule_and_tenant(self) -> Mapping[tuple[str, str | None], tuple[Violation, ...]]:
        """The same by the id of the rule and the tenant; under None what is about the stack."""
        found: dict[tuple[str, str | None], tuple[Violation, ...]] = {}
        for one in self.by_manifest:
            found[one.rule.id, one.tenant] = (*found.get((one.rule.id, one.tenant), ()), one)
        return found

    @cached_property
    def by_manifest(self) -> tuple[Violation, ...]:
        """What the manifests break, and nobody waived."""
        return _counting(self.book.judge(self.loaded).violations(self.subjects))

    def only_held(self, rule: Rule, held: Iterable[Held], made_on: Mapping[str, date]) -> tuple[Violation, ...]:
        """Return what a stack breaks of one rule and the manifests don't, in the tenants that this run is about."""
        focus = slugs_in(self.environ.get(TARGET_VARIABLE))
        told = {(one.rule.id, one.tenant, one.path, one.sentence) for one in self.by_manifest}
        judge = self.book.judge(self.loaded).about(rule)
        return tuple(
            one
            for one in _counting(judge.violations(tuple(as_held(self.subjects, held, made_on))))
            if (one.rule.id, one.tenant, one.path, one.sentence) not in told
            and (focus is None or one.tenant is None or one.tenant in focus)
        )


def policies_of(pack: Pack) -> list[Policy]:
    """Return a policy for the files, and for each rule one before resources are made and one for the whole stack."""
    rules = [rule for rule in pack.book.rules if pack.book.config.of(rule).level != "disabled"]
    return [
        _of_files(pack),
        *(_before(pack, rule) for rule in rules if not rule.needs_state),
        *(_at_the_end(pack, rule) for rule in rules),
    ]


def _of_files(pack: Pack) -> Policy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type == f"{_TYPE}Fleet":
            for problem in pack.book.problems:
                report(str(problem), None)

    title = "The settings of the rules and the waivers are right, and no waiver has expired."
    return ResourceValidationPolicy(FILES, title, validate=validate, enforcement_level=EnforcementLevel.MANDATORY)


def _before(pack: Pack, rule: Rule) -> Policy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        about = {f"{_TYPE}Subaccount": args.name, f"{_TYPE}Fleet": None}
        if args.resource_type in about:
            for violation in pack.by_rule_and_tenant.get((rule.id, about[args.resource_type]), ()):
                report(_told(violation), None)

    level = EnforcementLevel(pack.book.config.of(rule).level)
    return ResourceValidationPolicy(rule.id, _description(rule), validate=validate, enforcement_level=level)


def _at_the_end(pack: Pack, rule: Rule) -> Policy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        urns = {resource.name: resource.urn for resource in args.resources if resource.resource_type.startswith(_TYPE)}
        made_on = _days_made(pack, args) if rule.needs_state else {}
        for violation in pack.only_held(rule, list(_held(args.resources)), made_on):
            report(_told(violation), urns.get(violation.tenant or "fleet"))

    level = EnforcementLevel(pack.book.config.of(rule).level)
    return StackValidationPolicy(rule.id, _description(rule), validate=validate, enforcement_level=level)


def _held(resources: Iterable[PolicyResource]) -> Iterator[Held]:
    """Yield what rules look at; a resource with a value that a preview does not know yet is as its manifest says."""
    for resource in resources:
        kind = resource.resource_type.removeprefix(_TYPE)
        if kind in FIELDS:
            try:
                props = {field: _plain(resource.props[field]) for field in FIELDS[kind] if field in resource.props}
            except UnknownValueError:
                continue
            yield Held(kind, resource.name, props)


def _plain(value: Any) -> Any:
    """Return a value without the SDK's proxies, which raise where they hold something unknown."""
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(value[index]) for index in range(len(value))]
    return value


def _days_made(pack: Pack, args: StackValidationArgs) -> Mapping[str, date]:
    try:
        return days_made(pack.root, pack.stack or "", pack.environ)
    except (NoEngineError, CommandError) as error:
        args.not_applicable(f"the state, which alone knows how old keys are, could not be read: {error}")
        raise AssertionError("not_applicable raises") from error


def _counting(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    return tuple(violation for violation in violations if violation.waiver is None)


def _told(violation: Violation) -> str:
    return f"{violation.place}: {violation.message}"


def _description(rule: Rule) -> str:
    return f"{rule.title} {rule.why}"
