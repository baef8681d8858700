"""Before an account is closed: whether our clock is Twilio's, and what is in one that is closed without a notice.

The provider looks again before it closes the account: in plain `pulumi up`, and where somebody used it meanwhile. A run
compares the clocks in any case: its mark is compared with dates of objects, and those are Twilio's.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tenantry.engine.run.command import CommandError, Project
from tenantry.engine.run.focus import CLOSING_VARIABLE, closing_in
from tenantry.engine.state.deployment import load_state
from tenantry.operations.errors import StoppedError
from tenantry.operations.stack.open import Opened
from tenantry.text.some import first_of
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.http.twilio_clock import describe_clock_difference
from tenantry.twilio.session import Session
from tenantry.twilio.use import CLOSE_LATER, Use


def describe_unused(opened: Opened) -> tuple[str, ...]:
    """Return a sentence for each account that this run closes without a notice: what was looked at, and not found.

    Raises StoppedError where one of them is used, or can't be looked at.
    """
    slugs = closing_in(opened.project.environ.get(CLOSING_VARIABLE, ""))
    unused = sorted(slug for slug in slugs if opened.loaded.tenants[slug].never_used)
    if not unused:
        return ()
    try:
        uses = dict(_look_at_uses(opened, unused))
    except (TwilioError, CommandError) as error:
        raise StoppedError(f"{error} Nothing was changed.") from error
    if refused := [f"{slug}: {use.summary}." for slug, use in uses.items() if not use.is_none]:
        raise StoppedError("\n".join([*refused, CLOSE_LATER]))
    return tuple(f"{slug}: {use.summary}. It is closed without a notice." for slug, use in uses.items())


def _look_at_uses(opened: Opened, slugs: Collection[str]) -> Iterator[tuple[str, Use]]:
    """Yield the use of the accounts that exist and are not closed."""
    state = load_state(opened.project)
    sids = {resource.name: resource.sid for resource in state if resource.kind == "subaccount"}
    session = Session.from_env(opened.project.environ)
    for slug in slugs:
        account = session.accounts.refresh(sid) if (sid := sids.get(slug)) else None
        if account is not None and account.status != "closed":
            yield slug, session.uses.look(account.sid, account.created)


NAMED = 10
CLOCKS_DIFFER = (
    "{}, so it is unknown whether the day has come on which {} may be closed, which can't be undone. "
    "Nothing was begun. Set the clock right, then run again."
)


@dataclass(frozen=True)
class ClockComparison:
    """The two clocks, and what it has cost to compare them."""

    ahead: timedelta | None = timedelta()
    """How far Twilio's is ahead of ours; None where Twilio sends no time."""
    traffic: Traffic = field(default_factory=Traffic)


def compare_clocks(environ: Mapping[str, str]) -> ClockComparison:
    """Compare our clock with Twilio's, by one call; raises TwilioError."""
    session = Session.from_env(environ)
    session.subaccounts.fetch(session.parent_sid)
    return ClockComparison(session.clock_ahead(), session.traffic)


def refuse_to_close(project: Project, ahead: timedelta | None) -> None:
    """Raise StoppedError where accounts are to be closed and this machine's clock is not Twilio's."""
    closing = project.environ.get(CLOSING_VARIABLE)
    if closing and (differs := describe_clock_difference(ahead)) is not None:
        slugs = first_of(closing.split(","), NAMED)
        raise StoppedError(CLOCKS_DIFFER.format(f"{differs[0].upper()}{differs[1:]}", slugs))
