"""The rules as Pulumi's policy SDK takes them.

The SDK unpacks each resource again for each policy, so a policy for each rule costs seconds in a stack of 100 tenants.
A rule that no manifest breaks has none, and violations that only the stack shows share one for each level.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
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

from tenantry.engine.install.find import NoEngineError, find_engine
from tenantry.engine.run.command import CommandError, Project, export_state
from tenantry.engine.run.garbage import collect_less_garbage
from tenantry.engine.state.handed import handed_state
from tenantry.engine.state.holdings import read_holdings
from tenantry.model.kinds import BY_TOKEN, KINDS
from tenantry.model.recorded import CLAIMED, TOKENS
from tenantry.plugin.patches import PatchNameError, apply_patches
from tenantry.plugin.shared_resources import SHARED, Unpacked
from tenantry.policies.own import RulesError
from tenantry.policies.rule import Level, Rule
from tenantry.policies.stack.held import FIELDS, Held
from tenantry.policies.stack.owners import Claim
from tenantry.policies.stack.report import (
    FILES,
    FILES_TITLE,
    HELD,
    HELD_TITLE,
    LEVELS,
    OWNERS,
    OWNERS_TITLE,
    PACK,
    UnreadStateError,
    describe,
    describe_rule,
    find_by_resources,
    find_by_state,
    find_owners,
    list_problems,
    rules_of_level,
    rules_of_state,
)
from tenantry.policies.stack.rules import StackRules, read_stack_rules

Resource = PolicyResource | Unpacked


def run(root: Path, environ: Mapping[str, str], today: date) -> None:
    """Serve the rules of a project to the engine; does not return. Rules that can't be used stop the run."""
    collect_less_garbage()
    try:
        apply_patches("pack", environ)
    except PatchNameError as error:
        sys.exit(f"tenantry: {error}")
    PolicyPack(PACK, policies=_build_policies(root, environ, today))


def policies_of(rules: StackRules) -> list[Policy]:
    """Return the policies that a run needs; all of them where there is no stack, as in `pulumi policy publish`."""
    broken = {violation.rule.id for violation in rules.by_manifest}
    of_manifests = [rule for rule in rules.rules if not rule.needs_state]
    return [
        _build_policy_of_files(list_problems(rules)),
        *(_build_policy_of_manifests(rules, rule) for rule in of_manifests if rule.id in broken or rules.stack is None),
        *(_build_policy_of_stack(rules, level) for level in LEVELS),
        _build_policy_of_owners(rules),
        *(_build_policy_of_state(rules, rule) for rule in rules_of_state(rules)),
    ]


def _build_policies(root: Path, environ: Mapping[str, str], today: date) -> list[Policy]:
    try:
        return policies_of(read_stack_rules(root, environ, today))
    except RulesError as error:
        return [_build_policy_of_files([str(error)])]


def _build_policy_of_files(problems: Sequence[str]) -> Policy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type == KINDS["fleet"].token:
            for problem in problems:
                report(problem, None)

    return ResourceValidationPolicy(FILES, FILES_TITLE, validate=validate, enforcement_level=EnforcementLevel.MANDATORY)


def _build_policy_of_manifests(rules: StackRules, rule: Rule) -> Policy:
    """Return the policy that reports violations of manifests, before the account of a tenant is registered."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        about = {KINDS["subaccount"].token: args.name, KINDS["fleet"].token: None}
        if args.resource_type in about:
            for violation in rules.about(rule, about[args.resource_type]):
                report(describe(violation), None)

    level = EnforcementLevel(rules.level(rule))
    return ResourceValidationPolicy(rule.id, describe_rule(rule), validate=validate, enforcement_level=level)


def _build_policy_of_stack(rules: StackRules, level: Level) -> Policy:
    """Return the policy that reports violations of a stack, for all rules of a level, that no manifest shows."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        resources = _resources_of(args)
        found = find_by_resources(rules, rules_of_level(rules, level), list(_read_held(resources)))
        _report_at_resources(found, resources, report)

    title, enforced = HELD_TITLE.format(level), EnforcementLevel(level)
    return StackValidationPolicy(f"{HELD}-{level}", title, validate=validate, enforcement_level=enforced)


def _build_policy_of_state(rules: StackRules, rule: Rule) -> Policy:
    """Return the policy of a rule about what only the state knows."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        resources = _resources_of(args)
        try:
            found = list(find_by_state(rules, rule, list(_read_held(resources)), lambda: _export_state(rules)))
        except UnreadStateError as error:
            if rules.level(rule) != "mandatory":
                args.not_applicable(str(error))
            report(str(error), None)
            return
        _report_at_resources(found, resources, report)

    level = EnforcementLevel(rules.level(rule))
    return StackValidationPolicy(rule.id, describe_rule(rule), validate=validate, enforcement_level=level)


def _build_policy_of_owners(rules: StackRules) -> Policy:
    """Return the policy that reports objects with two holders."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        claims = list(_claims(_resources_of(args)))
        for message in find_owners(claims, lambda: read_holdings(_export_state(rules))):
            report(message, None)

    level = EnforcementLevel.MANDATORY
    return StackValidationPolicy(OWNERS, OWNERS_TITLE, validate=validate, enforcement_level=level)


def _export_state(rules: StackRules) -> Mapping[str, Any]:
    """Return the state that `tenantry up` handed on, else Pulumi's export, without lock or secret.

    Without a stack it is empty. Raises CommandError.
    """
    if rules.stack is None:
        return {}
    handed = handed_state(rules.environ)
    if handed is not None:
        return handed
    try:
        engine = find_engine(rules.environ, install=None)
    except NoEngineError as error:
        raise CommandError(str(error)) from error
    return export_state(Project(rules.root, rules.stack, engine, rules.environ))


def _resources_of(args: StackValidationArgs) -> Sequence[Resource]:
    """Return the resources of the stack: unpacked once for all policies, or by the SDK where its patch is left out."""
    return SHARED.of_stack or args.resources


def _claims(resources: Iterable[Resource]) -> Iterator[Claim]:
    for resource in resources:
        if resource.resource_type.startswith(TOKENS) and resource.resource_type != KINDS["fleet"].token:
            claims = {field: _read_text(resource.props, field) for field in CLAIMED}
            yield Claim(resource.name, **claims)


def _read_text(props: Mapping[str, Any], field: str) -> str | None:
    """Return a text among properties; None where there is none, or a preview does not know it yet."""
    try:
        value = props.get(field)
    except UnknownValueError:
        return None
    return str(value) if value else None


def _report_at_resources(
    found: Iterable[tuple[str, str | None]], resources: Sequence[Resource], report: ReportViolation
) -> None:
    urns = {resource.name: resource.urn for resource in resources if resource.resource_type.startswith(TOKENS)}
    for message, about in found:
        report(message, urns.get(about) if about else None)


def _read_held(resources: Iterable[Resource]) -> Iterator[Held]:
    """Yield the resources for rules; one with a value that a preview does not know yet counts as in its manifest."""
    for resource in resources:
        kind = BY_TOKEN.get(resource.resource_type)
        if kind is not None and kind in FIELDS:
            try:
                props = {field: _simplify(resource.props[field]) for field in FIELDS[kind] if field in resource.props}
            except UnknownValueError:
                continue
            yield Held(kind, resource.name, props)


def _simplify(value: Any) -> Any:
    """Return a value without the SDK's proxies, which raise where they hold something unknown."""
    if isinstance(value, Mapping):
        return {key: _simplify(value[key]) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_simplify(value[index]) for index in range(len(value))]
    return value
