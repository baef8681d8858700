"""Whether an account may be closed, as far as the ledger knows: its last month is billed, and of one that is being
offboarded the records were read again, and there are none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.offboarding import done_steps
from tenantry.ledger.statements import list_closed_months
from tenantry.ledger.values import StackRef
from tenantry.manifest.load import Loaded
from tenantry.operations.ledger.opening import Place, open_for_readings
from tenantry.operations.offboarding.records import survey_everything
from tenantry.operations.usage.accounts import find_account
from tenantry.text.counts import format_count
from tenantry.twilio.credentials import SID
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

UNBILLED = (
    "{slug}: {month} has no closed statement, and Twilio forgets the usage of a closed account. Run `tenantry bill "
    "--month {month} --close` first."
)
ENDLESS = (
    "{slug}: statements of it are closed, and its manifest has no `billed_until`, so nobody knows which one is the "
    "last. Write it, and close the statement of its month first."
)
LoadState = Callable[[], Sequence[StateResource] | None]
UNREAD = (
    "{slug}: it is being offboarded, and its records were not read again after their deletion. Run `tenantry offboard "
    "{slug} --apply` first."
)
CAME_SINCE = (
    "{slug}: {records} came since its account was read after the deletion. Run `tenantry offboard {slug} --apply` "
    "first."
)
UNASKED = (
    "{error} Whether {slugs} may be closed is in the ledger too: holds, and whether records were read again. Closing "
    "can't be undone, so nothing was begun."
)


def find_unread(place: Place, loaded: Loaded, closing: Collection[str], load_state: LoadState) -> tuple[str, ...]:
    """Return, a sentence each, which tenants may not be closed yet; raises LedgerError where the ledger can't say.

    A tenant whose offboarding nobody began with `tenantry offboard` may be closed by the three acts alone, once what
    is billed here is billed to its end. `load_state` is asked only for the account of one that was offboarded, whose
    records are read once more.
    """
    stack = loaded.stack
    parent = stack.parent or place.environ.get(SID)
    if not closing or not parent or stack.ledger is None:
        return ()
    try:
        with open_for_readings(place) as ledger:
            done = {slug: done_steps(ledger, parent, slug) for slug in sorted(closing)}
            unbilled = tuple(_find_unbilled(ledger, loaded, StackRef(parent, stack.name or ""), done))
    except LedgerError as error:
        raise LedgerError(UNASKED.format(error=error, slugs=", ".join(sorted(closing)))) from error
    unread = [slug for slug, steps in done.items() if steps and "read_again" not in steps]
    if unread or unbilled:
        return (*(UNREAD.format(slug=slug) for slug in unread), *unbilled)
    return tuple(_read_again(place, loaded, [slug for slug, steps in done.items() if steps], load_state))


def _find_unbilled(ledger: Ledger, loaded: Loaded, stack: StackRef, slugs: Iterable[str]) -> Iterator[str]:
    """Yield which tenants have a last month that is not billed; of one that was never billed here nobody knows."""
    for slug in slugs:
        tenant, months = loaded.tenants.get(slug), list_closed_months(ledger, stack, slug)
        if tenant is None or tenant.terms is None or not months:
            continue
        if tenant.billed_until is None:
            yield ENDLESS.format(slug=slug)
        elif (month := f"{tenant.billed_until:%Y-%m}") not in months:
            yield UNBILLED.format(slug=slug, month=month)


def _read_again(place: Place, loaded: Loaded, slugs: Collection[str], load_state: LoadState) -> Iterator[str]:
    if not slugs:
        return
    state, session = load_state(), Session.from_env(place.environ)
    for slug in slugs:
        try:
            sid = find_account(loaded, state, session, slug).sid
            if sid is None or session.subaccounts.fetch(sid).status == "closed":
                continue
        except TwilioError as error:
            yield f"{slug}: {error} Nobody knows whether records came since its account was read."
            continue
        survey = survey_everything(session.aging_records, sid, session.twilio_now().date())
        if survey.failure is not None:
            yield f"{slug}: {survey.failure} Nobody knows whether records came since its account was read."
        elif number := sum(survey.counts.values()):
            yield CAME_SINCE.format(slug=slug, records=format_count(number, "record"))
