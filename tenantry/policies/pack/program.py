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

from tenantry.engine.install.find import NoEngineError
from tenantry.engine.run.command import CommandError
from tenantry.engine.run.garbage import collect_less_garbage
from tenantry.engine.state.holdings import Holdings
from tenantry.model.kind import TOKENS
from tenantry.model.kinds import BY_TOKEN, KINDS
from tenantry.plugin.patches import PatchNameError, apply_patches
from tenantry.plugin.shared_resources import SHARED, Unpacked
from tenantry.policies.own import RulesError
from tenantry.policies.pack.age import read_days_made
from tenantry.policies.pack.owners import Claim, find_shared, holdings_of
from tenantry.policies.pack.pack import Pack, read_pack
from tenantry.policies.pack.stack import FIELDS, Held
from tenantry.policies.rule import Rule
from tenantry.policies.violation import Violation

Resource = PolicyResource | Unpacked

PACK = "tenantry"
FILES = "policy-files"
HELD = "held"
OWNERS = "one-owner"


def run(root: Path, environ: Mapping[str, str], today: date) -> None:
    """Serve the rules of a project to the engine; does not return. Rules that can't be used stop the run."""
    collect_less_garbage()
    try:
        apply_patches("pack", environ)
    except PatchNameError as error:
        sys.exit(f"tenantry: {error}")
    PolicyPack(PACK, policies=_build_policies(root, environ, today))


def policies_of(pack: Pack) -> list[Policy]:
    """Return the policies that a run needs; all of them where there is no stack, as in `pulumi policy publish`."""
    broken = {violation.rule.id for violation in pack.by_manifest}
    of_manifests = [rule for rule in pack.rules if not rule.needs_state]
    return [
        _build_policy_of_files(tuple(map(str, pack.problems))),
        *(_build_policy_of_manifests(pack, rule) for rule in of_manifests if rule.id in broken or pack.stack is None),
        *(_build_policy_of_stack(pack, level) for level in (EnforcementLevel.MANDATORY, EnforcementLevel.ADVISORY)),
        _build_policy_of_owners(pack),
        *(_build_policy_of_state(pack, rule) for rule in pack.rules if rule.needs_state and pack.asks(rule)),
    ]


def _build_policies(root: Path, environ: Mapping[str, str], today: date) -> list[Policy]:
    try:
        return policies_of(read_pack(root, environ, today))
    except RulesError as error:
        return [_build_policy_of_files([str(error)])]


def _build_policy_of_files(problems: Sequence[str]) -> Policy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type == KINDS["fleet"].token:
            for problem in problems:
                report(problem, None)

    title = "The manifests, the rules and their settings can be read, and no waiver is invalid or expired."
    return ResourceValidationPolicy(FILES, title, validate=validate, enforcement_level=EnforcementLevel.MANDATORY)


def _build_policy_of_manifests(pack: Pack, rule: Rule) -> Policy:
    """Return the policy that reports violations of manifests, before the account of a tenant is registered."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        about = {KINDS["subaccount"].token: args.name, KINDS["fleet"].token: None}
        if args.resource_type in about:
            for violation in pack.about(rule, about[args.resource_type]):
                report(_format(violation), None)

    level = EnforcementLevel(pack.level(rule))
    return ResourceValidationPolicy(rule.id, f"{rule.title} {rule.why}", validate=validate, enforcement_level=level)


def _build_policy_of_stack(pack: Pack, level: EnforcementLevel) -> Policy:
    """Return the policy that reports violations of a stack, for all rules of a level, that no manifest shows."""
    rules = [rule for rule in pack.rules if pack.level(rule) == level.value and not rule.needs_state]

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        _report(pack, rules, args, report, None)

    title = f"The resources of the stack comply with the {level.value} rules, also where manifests differ."
    return StackValidationPolicy(f"{HELD}-{level.value}", title, validate=validate, enforcement_level=level)


def _build_policy_of_state(pack: Pack, rule: Rule) -> Policy:
    """Return the policy of a rule about what only the state knows."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        try:
            made_on = read_days_made(pack.root, pack.stack or "", pack.environ)
        except (NoEngineError, CommandError) as error:
            unread = f"the state, which alone knows how old keys and suspensions are, could not be read: {error}"
            if pack.level(rule) != "mandatory":
                args.not_applicable(unread)
            report(f"{unread}. The run stops until it can be read", None)
            return
        _report(pack, [rule], args, report, made_on)

    level = EnforcementLevel(pack.level(rule))
    return StackValidationPolicy(rule.id, f"{rule.title} {rule.why}", validate=validate, enforcement_level=level)


def _build_policy_of_owners(pack: Pack) -> Policy:
    """Return the policy that reports objects with two holders; no waiver lifts it, as one holder is a mistake."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        claims = list(_claims(_resources_of(args)))
        holdings = Holdings()
        if pack.stack and any(claim.adopt for claim in claims):
            try:
                holdings = holdings_of(pack.root, pack.stack, pack.environ)
            except (NoEngineError, CommandError) as error:
                report(f"the state, which knows the holders of adopted objects, could not be read: {error}", None)
        for _, sentence in find_shared(claims, holdings):
            report(f"{sentence}: take adopt out of one of them, or remove one", None)

    title = "No account and no object of Twilio belongs to two resources of the stack."
    return StackValidationPolicy(OWNERS, title, validate=validate, enforcement_level=EnforcementLevel.MANDATORY)


def _resources_of(args: StackValidationArgs) -> Sequence[Resource]:
    """Return the resources of the stack: unpacked once for all policies, or by the SDK where its patch is left out."""
    return SHARED.of_stack or args.resources


def _claims(resources: Iterable[Resource]) -> Iterator[Claim]:
    for resource in resources:
        if resource.resource_type.startswith(TOKENS) and resource.resource_type != KINDS["fleet"].token:
            claims = {field: _read_text(resource.props, field) for field in ("adopt", "account_sid")}
            yield Claim(resource.name, **claims)


def _read_text(props: Mapping[str, Any], field: str) -> str | None:
    """Return a text among properties; None where there is none, or a preview does not know it yet."""
    try:
        value = props.get(field)
    except UnknownValueError:
        return None
    return str(value) if value else None


def _report(
    pack: Pack,
    rules: Sequence[Rule],
    args: StackValidationArgs,
    report: ReportViolation,
    made_on: Mapping[str, date] | None,
) -> None:
    resources = _resources_of(args)
    urns = {resource.name: resource.urn for resource in resources if resource.resource_type.startswith(TOKENS)}
    try:
        found = pack.find_held_only(rules, list(_read_held(resources)), made_on)
    except RulesError as error:
        report(str(error), None)
        return
    for violation in found:
        report(f"{_format(violation)} [{violation.rule.id}]", urns.get(violation.tenant or "fleet"))


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


def _format(violation: Violation) -> str:
    return f"{violation.place}: {violation.message}"
