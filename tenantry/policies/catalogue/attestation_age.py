"""Settings that only the Console shows are checked again from time to time."""

from collections.abc import Iterator

from pydantic import Field

from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject

TOMORROW = -1
"""Days are those of UTC, in which it may still be yesterday."""


class AttestationAge(Parameters):
    """How long an attestation is valid."""

    days: int = Field(default=365, ge=1, le=36_500, description="days that an attestation is valid")


def _find_old(subject: Subject, parameters: AttestationAge) -> Iterator[Finding]:
    attested = subject.tenant.attested
    for name in type(attested).model_fields if attested else ():
        attestation = getattr(attested, name)
        if attestation is None:
            continue
        age = (subject.today - attestation.on).days
        if age > parameters.days:
            sentence = f"was checked {age} days ago, and {parameters.days} days are the limit"
            yield Finding(("attested", name, "on"), sentence)
        if age < TOMORROW:
            yield Finding(("attested", name, "on"), "is a day in the future, so it would be valid for too long")


ATTESTATION_AGE = TenantRule(
    id="attestation-age",
    title="Attestations are not older than the configuration allows, and not of a future day.",
    level="advisory",
    why="These settings have no API, so a change goes unnoticed; an auditor asks who checked them, and when.",
    mend="look in the Console, then write who looked and the day",
    source=(
        "https://help.twilio.com/articles/223181008",
        "https://www.twilio.com/en-us/blog/new-data-controls-twilio-messaging",
    ),
    example=Example(
        breaks='attested:\n  message_log_days: {value: 30, by: ana@owl.example, on: "2020-01-15"}\n',
        keeps='attested:\n  message_log_days: {value: 30, by: ana@owl.example, on: "2026-11-01"}\n',
    ),
    parameters=AttestationAge,
    check=_find_old,
)
