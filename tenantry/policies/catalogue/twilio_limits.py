"""Twilio's limits are reported before they are reached."""

from collections.abc import Iterator, Sequence

from pydantic import Field

from tenantry.policies.rule import Example, Finding, FleetRule, Parameters
from tenantry.policies.subject import Subject


class Limits(Parameters):
    """Twilio's limits, and when to warn. Twilio raises the first on request."""

    accounts: int = Field(default=1000, ge=1, description="subaccounts of one parent account (error 21480)")
    triggers: int = Field(default=1000, ge=1, description="usage triggers of one account")
    sinks: int = Field(default=100, ge=1, description="Event Streams sinks of one account (error 91003)")
    percent: int = Field(default=80, ge=1, le=100, description="percentage of a limit from which it is reported")


def _find_near(subjects: Sequence[Subject], parameters: Limits) -> Iterator[tuple[Subject | None, Finding]]:
    # Twilio does not say whether closed accounts count, so they do until their manifest is gone.
    accounts = sum(subject.tenant.state != "released" for subject in subjects)
    if _is_near(accounts, parameters.accounts, parameters):
        yield None, Finding((), f"the stack has {accounts} of {parameters.accounts} subaccounts")
    for subject in subjects:
        if subject.is_kept:
            yield from _find_near_in_account(subject, parameters)


def _find_near_in_account(subject: Subject, parameters: Limits) -> Iterator[tuple[Subject, Finding]]:
    triggers = sum(len(entry.percents) for entry in subject.tenant.usage_triggers.values())
    if _is_near(triggers, parameters.triggers, parameters):
        yield subject, Finding(("usage_triggers",), f"has {triggers} of {parameters.triggers} usage triggers")
    if _is_near(subject.sinks, parameters.sinks, parameters):
        yield subject, Finding(("debugger_webhook",), f"has {subject.sinks} of {parameters.sinks} sinks")


def _is_near(count: int, limit: int, parameters: Limits) -> bool:
    return count * 100 >= limit * parameters.percent


TWILIO_LIMITS = FleetRule(
    id="twilio-limits",
    title="The stack is not close to a limit of Twilio.",
    level="advisory",
    why="At the limit the next customer can't be taken on, and only Twilio's support can raise it.",
    mend="take out what nobody uses, ask Twilio for a higher limit, or begin another stack with another parent account",
    source=(
        "https://www.twilio.com/docs/iam/api/subaccounts",
        "https://www.twilio.com/docs/usage/api/usage-trigger",
        "https://www.twilio.com/docs/api/errors/91003",
    ),
    example=Example(
        breaks="# 800 files in tenants/\n",
        keeps="# 799 files in tenants/\n",
    ),
    parameters=Limits,
    check=_find_near,
)
