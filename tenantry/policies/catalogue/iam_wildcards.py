"""A restricted key that can make or change credentials can make itself an unrestricted one."""

from collections.abc import Iterator

from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject

IAM = "/twilio/iam/"
POWERS = ("*", "create", "update")
"""What makes a key, or gives one other permissions: the wildcard, and the same written out."""


def _find_iam(subject: Subject, _parameters: Parameters) -> Iterator[Finding]:
    for key, entry in sorted(subject.tenant.api_keys.items()):
        for permission in entry.access if entry.access != "standard" else ():
            if permission.startswith(IAM) and permission.rpartition("/")[2] in POWERS:
                yield Finding(("api_keys", key, "access"), f"has {permission}")


NO_IAM_WILDCARDS = TenantRule(
    id="no-iam-wildcards",
    title="No restricted API key can make or change credentials: on IAM it has neither create nor update nor all (*).",
    level="mandatory",
    why=(
        "A key with /twilio/iam/api-keys/create makes a standard key for whoever holds it, and one with update gives "
        "itself what it lacks, so they restrict nothing. A wildcard holds both."
    ),
    mend="name the permissions that it needs, such as read or list",
    source=(
        "https://www.twilio.com/docs/iam/api-keys/restricted-api-keys",
        "https://www.twilio.com/docs/iam/api-keys/key-resource-v1",
    ),
    example=Example(
        breaks="api_keys:\n  ops: {access: [/twilio/iam/api-keys/create]}\n",
        keeps="api_keys:\n  ops: {access: [/twilio/iam/api-keys/list]}\n",
    ),
    parameters=Parameters,
    check=_find_iam,
)
