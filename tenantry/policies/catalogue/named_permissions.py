"""Permissions are named one by one: a wildcard grows with Twilio's product."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from tenantry.model.permission import Permission
from tenantry.policies.catalogue.iam_wildcards import IAM
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


class Wildcards(Parameters):
    """Which wildcards are meant."""

    wildcards: Annotated[tuple[Permission, ...], Field(strict=False)] = Field(
        default=(), description="permissions that end in /* and may be given"
    )


def _find_wildcards(subject: Subject, parameters: Wildcards) -> Iterator[Finding]:
    for key, entry in sorted(subject.tenant.api_keys.items()):
        for permission in entry.access if entry.access != "standard" else ():
            if permission.endswith("/*") and not permission.startswith(IAM) and permission not in parameters.wildcards:
                yield Finding(("api_keys", key, "access"), f"has {permission}")


NAMED_PERMISSIONS = TenantRule(
    id="named-permissions",
    title="No restricted API key has a wildcard (*) that the configuration does not name. IAM has a rule of its own.",
    level="advisory",
    why="A wildcard holds delete and update too, and whatever Twilio adds to it tomorrow.",
    mend="name the permissions that it needs, or add the wildcard to wildcards in policies/config.yaml",
    source=("https://www.twilio.com/docs/iam/api-keys/restricted-api-keys",),
    example=Example(
        breaks="api_keys:\n  sender: {access: [/twilio/messaging/messages/*]}\n",
        keeps="api_keys:\n  sender: {access: [/twilio/messaging/messages/create]}\n",
    ),
    parameters=Wildcards,
    check=_find_wildcards,
)
