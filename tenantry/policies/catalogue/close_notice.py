"""There is time between the notice and the closing of an account to reconsider."""

from collections.abc import Iterator

from pydantic import Field

from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


class CloseNotice(Parameters):
    """How long a tenant is suspended before it may be closed."""

    days: int = Field(default=30, ge=0, le=3650, description="least days from state_note.since to close_after")


def _find_early(subject: Subject, parameters: CloseNotice) -> Iterator[Finding]:
    tenant = subject.tenant
    if tenant.close_after is None or tenant.never_used:
        return
    if tenant.state_note is None or tenant.state_note.since is None:
        yield Finding(("state_note", "since"), "nothing says when closing the tenant was decided")
        return
    notice = (tenant.close_after - tenant.state_note.since).days
    if notice < parameters.days:
        sentence = f"is {notice} days after state_note.since, and {parameters.days} days are the minimum"
        yield Finding(("close_after",), sentence)


CLOSE_NOTICE = TenantRule(
    id="close-notice",
    title="A tenant is closed some days after the decision at the earliest.",
    level="mandatory",
    why=(
        "Closing an account can't be undone, and gives its phone numbers away at once. One that is never_used has none "
        "and nobody to miss it: the run that closes it asks Twilio for that, and refuses otherwise."
    ),
    mend="write state_note.since, the day of the decision, and a close_after that is late enough",
    source=("https://www.twilio.com/docs/iam/api/subaccounts",),
    example=Example(
        breaks='state: closed\nclose_after: "2026-12-01"\nstate_note: {since: "2026-11-20"}\n',
        keeps='state: closed\nclose_after: "2026-12-31"\nstate_note: {since: "2026-11-20"}\n',
    ),
    parameters=CloseNotice,
    check=_find_early,
    closed=True,
)
