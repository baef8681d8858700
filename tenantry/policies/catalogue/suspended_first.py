"""Nobody can write a day of the past to have an account closed tomorrow: the stack knows since when it is suspended."""

from collections.abc import Iterator

from pydantic import Field

from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


class DaysSuspended(Parameters):
    """How long an account is suspended before it may be closed."""

    days: int = Field(default=21, ge=0, le=3650, description="least days from its suspension to close_after")


def _find_early(subject: Subject, parameters: DaysSuspended) -> Iterator[Finding]:
    suspended, day = subject.suspended_on, subject.tenant.close_after
    if suspended is None or day is None or subject.tenant.never_used:
        return
    if (days := (day - suspended).days) >= parameters.days:
        return
    since = f"is {days} days after {suspended}, when the stack suspended the account"
    yield Finding(("close_after",), f"{since} or first could; {parameters.days} are the least")


SUSPENDED_FIRST = TenantRule(
    id="suspended-first",
    title="An account has been suspended for some days before it may be closed.",
    level="mandatory",
    why=(
        "close-notice believes state_note.since, which whoever closes an account can backdate. A customer notices the "
        "suspension, so its day is the notice that counts. Nobody notices it where the account is never_used."
    ),
    mend="let close_after be later, or waive it for this tenant",
    source=("https://www.twilio.com/docs/iam/api/subaccounts",),
    example=Example(
        breaks=(
            'state: closed                             # suspended on 2026-11-20\nclose_after: "2026-11-22"\n'
            'state_note: {since: "2026-10-01"}         # backdated\n'
        ),
        keeps='state: closed\nclose_after: "2026-12-20"\nstate_note: {since: "2026-11-20"}\n',
    ),
    parameters=DaysSuspended,
    check=_find_early,
    closed=True,
    needs_state=True,
    seen_in_state=(
        "Manifests have no such day, so `tenantry validate` finds nothing: only the policy pack does, by the day on "
        "which the state got the suspension, or by today where it will. It is less than `close-notice` asks for, "
        "because a review takes time. After a lost state the days start again: waive it where an account was suspended "
        "for longer."
    ),
)
