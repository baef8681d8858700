"""Keys are rotated: over time a key becomes known to more people and places than anybody can list."""

from collections.abc import Iterator

from pydantic import Field

from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


class KeyAge(Parameters):
    """How long a generation may live."""

    days: int = Field(default=365, ge=1, le=36_500, description="days that a generation of a key may live")


def _find_old(subject: Subject, parameters: KeyAge) -> Iterator[Finding]:
    for (key, generation), day in sorted(subject.made_on.items()):
        age = (subject.today - day).days
        # A suspended tenant's keys can't be used, and no generation of them can be made until it is active again.
        if age > parameters.days and subject.tenant.state != "suspended":
            sentence = f"generation {generation} is {age} days old, and {parameters.days} days are the limit"
            yield Finding(("api_keys", key, "generations"), sentence)


KEY_AGE = TenantRule(
    id="key-age",
    title="No generation of an API key is older than the configuration allows.",
    level="advisory",
    why="Twilio's keys never expire and don't tell when they were last used, so only a rotation ends a leaked one.",
    mend="add the next generation, move the application to it, then take the old one out of generations",
    source=(
        "https://www.twilio.com/docs/iam/api-keys",
        "https://www.skills.sh/twilio/ai/twilio-security-hardening",
    ),
    example=Example(
        breaks="api_keys:\n  sender: {access: ['@sender'], generations: [1]}       # made 400 days ago\n",
        keeps="api_keys:\n  sender: {access: ['@sender'], generations: [1, 2]}    # until the application has moved\n",
    ),
    parameters=KeyAge,
    check=_find_old,
    needs_state=True,
    seen_in_state=(
        "Manifests have no such days, so `tenantry validate` finds nothing: only the policy pack does, by the day "
        "on which the state got the key. Properties hold no times, so Twilio's `date_created` is not in the state: "
        "a key that was taken over, by `adopt` or after a lost state, is older than the rule knows. Its next "
        "generation has a day that is right."
    ),
)
