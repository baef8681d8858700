"""A restricted key that may do everything on IAM can make itself an unrestricted one."""

from collections.abc import Iterator

from tenantry.rules.rule import Example, Finding, Parameters, TenantRule
from tenantry.rules.subject import Subject

IAM = "/twilio/iam/"


def _on_iam(subject: Subject, _parameters: Parameters) -> Iterator[Finding]:
    for key, entry in sorted(subject.tenant.api_keys.items()):
        for permission in entry.access if entry.access != "standard" else ():
            if permission.startswith(IAM) and permission.endswith("/*"):
                yield Finding(("api_keys", key, "access"), f"has {permission}")


NO_IAM_WILDCARDS = TenantRule(
    id="no-iam-wildcards",
    title="No restricted API key has every permission (*) on something of IAM.",
    level="mandatory",
    why="A key with /twilio/iam/api-keys/* makes a standard key for whoever holds it, so it restricts nothing.",
    mend="name the permissions that it needs, such as read or list",
    source=("https://www.twilio.com/docs/iam/api-keys/restricted-api-keys",),
    example=Example(
        breaks="api_keys:\n  ops: {access: [/twilio/iam/api-keys/*]}\n",
        keeps="api_keys:\n  ops: {access: [/twilio/iam/api-keys/list]}\n",
    ),
    parameters=Parameters,
    check=_on_iam,
)
