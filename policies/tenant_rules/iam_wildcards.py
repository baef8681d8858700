"""A restricted key that may do everything on IAM can make itself an unrestricted one."""

from collections.abc import Iterator

from tenant_rules.rule import Resource, ResourceRule


def _iam_wildcard(resource: Resource) -> Iterator[str]:
    if resource.kind != "ApiKey":
        return
    for permission in resource.props.get("policy") or ():
        if permission.startswith("/twilio/iam/") and permission.endswith("/*"):
            yield f"{resource.name} has {permission}; name the permissions that it needs, such as read or list"


NO_IAM_WILDCARDS = ResourceRule(
    id="no-iam-wildcards",
    description="No restricted API key has every permission (*) on something of IAM.",
    level="mandatory",
    check=_iam_wildcard,
)
