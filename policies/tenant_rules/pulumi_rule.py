"""A rule as Pulumi takes it."""

from collections.abc import Callable

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from tenant_rules.rule import Resource, ResourceRule, TenantRule
from tenant_rules.tenants import open_tenants

_TYPE = "pulumi-python:dynamic/twilio:"


def policy_of(rule: ResourceRule | TenantRule) -> Policy:
    """Return the policy that asks a rule."""
    level = EnforcementLevel(rule.level)
    if isinstance(rule, ResourceRule):
        return ResourceValidationPolicy(rule.id, rule.description, validate=_by_resource(rule), enforcement_level=level)
    return StackValidationPolicy(rule.id, rule.description, validate=_by_tenant(rule), enforcement_level=level)


def _by_resource(rule: ResourceRule) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        # What is frozen is left as it is, whatever the manifest says.
        if _is_ours(args) and not args.props.get("frozen"):
            for sentence in rule.check(_resource(args)):
                report(sentence, None)

    return validate


def _by_tenant(rule: TenantRule) -> Callable[[StackValidationArgs, ReportViolation], None]:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        ours = [resource for resource in args.resources if _is_ours(resource)]
        urns = {resource.name: resource.urn for resource in ours}
        for tenant in open_tenants(map(_resource, ours)):
            for sentence in rule.check(tenant):
                report(sentence, urns[tenant.slug])

    return validate


def _is_ours(resource: ResourceValidationArgs | PolicyResource) -> bool:
    return resource.resource_type.startswith(_TYPE)


def _resource(resource: ResourceValidationArgs | PolicyResource) -> Resource:
    return Resource(resource.resource_type.removeprefix(_TYPE), resource.name, resource.props)
