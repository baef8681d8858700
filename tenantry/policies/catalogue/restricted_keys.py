"""A key may do what its user needs, and no more."""

from collections.abc import Iterator

from pydantic import Field

from tenantry.model.written import SlugList
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


class StandardKeys(Parameters):
    """Which keys may be standard ones."""

    standard: SlugList = Field(default=(), description="names of keys that may have access: standard")


def _find_standard(subject: Subject, parameters: StandardKeys) -> Iterator[Finding]:
    for key, entry in sorted(subject.tenant.api_keys.items()):
        if entry.access == "standard" and key not in parameters.standard:
            yield Finding(("api_keys", key, "access"), "is a standard key")


RESTRICTED_KEYS = TenantRule(
    id="restricted-keys",
    title="API keys are restricted, but for those that the configuration names.",
    level="mandatory",
    why=(
        "A standard key that leaks sends messages, buys numbers and reads everything of the account. Only a key "
        "that mints access tokens has to be one: restricted keys can't."
    ),
    mend="name its permissions in access, or add the key to standard in policies/config.yaml",
    source=(
        "https://www.twilio.com/docs/iam/api-keys/restricted-api-keys",
        "https://www.twilio.com/en-us/changelog/restricted-api-keys-ga",
    ),
    example=Example(
        breaks="api_keys:\n  reminders: {access: standard}\n",
        keeps="api_keys:\n  reminders: {access: [/twilio/messaging/messages/create]}\n",
    ),
    parameters=StandardKeys,
    check=_find_standard,
)
