"""Keys are rotated: over time a key becomes known to more people and places than anybody can list."""

from collections.abc import Iterator
from datetime import timedelta

from pydantic import Field

from tenantry.model.rotation import overlap_of
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject

STEP = timedelta(days=2)
"""Nights between the end of an overlap and the run that retires what is older."""


class KeyAge(Parameters):
    """How long a generation may live."""

    days: int = Field(default=365, ge=1, le=36_500, description="days that a generation of a key may live")


def _find_old(subject: Subject, parameters: KeyAge) -> Iterator[Finding]:
    for (key, generation), day in sorted(subject.made_on.items()):
        age = (subject.today - day).days
        if _is_in_overlap(subject, key, generation):
            continue
        # A suspended tenant's keys can't be used, and no generation of them can be made until it is active again.
        if age > parameters.days and subject.tenant.state != "suspended":
            sentence = f"generation {generation} is {age} days old, and {parameters.days} days are the limit"
            yield Finding(("api_keys", key, "generations"), sentence)


def _is_in_overlap(subject: Subject, key: str, generation: int) -> bool:
    """Return whether a rotation has made the successor, and its overlap, with a day for the last step, is not over."""
    entry = subject.tenant.api_keys.get(key)
    later = [day for (name, number), day in subject.made_on.items() if name == key and number > generation]
    if entry is None or entry.rotation is None or not later:
        return False
    return subject.today - max(later) <= overlap_of(entry) + STEP


KEY_AGE = TenantRule(
    id="key-age",
    title="No generation of an API key is older than the configuration allows.",
    level="advisory",
    why="Twilio's keys never expire and don't tell when they were last used, so only a rotation ends a leaked one.",
    mend="add the next generation, move the application to it, then take the old one out of generations; `rotation` in "
    "the entry of the key lets `tenantry rotate` do that",
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
        "generation has a day that is right. While a key with `rotation` is in its overlap, its older generation may "
        "be older than the limit."
    ),
)
