"""A rotation is short: the next generation is made, the application moves to it, the old one goes."""

from collections.abc import Iterator

from pydantic import Field

from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


class LiveGenerations(Parameters):
    """How many generations of a key may live at once."""

    most: int = Field(default=2, ge=1, le=999, description="generations of one key that may live at once")


IN_ROTATION = 2
"""Generations that a key with `rotation` has in its overlap, whatever the limit."""


def _find_excess(subject: Subject, parameters: LiveGenerations) -> Iterator[Finding]:
    for key, entry in sorted(subject.tenant.api_keys.items()):
        most = max(parameters.most, IN_ROTATION) if entry.rotation else parameters.most
        if len(entry.generations) > most:
            sentence = f"{len(entry.generations)} generations live at once, and {most} are the limit"
            yield Finding(("api_keys", key, "generations"), sentence)


KEY_GENERATIONS = TenantRule(
    id="key-generations",
    title="No more generations of an API key live at once than a rotation needs.",
    level="advisory",
    why="Each generation is a secret that works. Those of rotations that nobody finished are the ones that leak.",
    mend="take those that nobody uses any more out of generations",
    source=("https://www.twilio.com/docs/iam/api-keys", "https://docs.doppler.com/docs/twilio"),
    example=Example(
        breaks="api_keys:\n  sender: {access: ['@sender'], generations: [1, 2, 3]}\n",
        keeps="api_keys:\n  sender: {access: ['@sender'], generations: [2, 3]}\n",
    ),
    parameters=LiveGenerations,
    check=_find_excess,
)
