"""The end of a cap's period: what held is over, and the account is active again where nothing else suspends it.

end_periods(ledger, parent) -> the tenants of which something ended
"""

from functools import partial

from tenantry.ledger.account_tasks import ask_account
from tenantry.ledger.cap_events import CapEvent, Decision, find_events, settle_event
from tenantry.ledger.connection import Ledger
from tenantry.ledger.standing import find_standing
from tenantry.ledger.suspensions import end_suspension
from tenantry.model.suspension import CAP
from tenantry.model.tenant_standing import parse_standing
from tenantry.operations.caps.decide import PROGRAM
from tenantry.operations.suspensions.notices import make_resumed_notices

OVER = "its period is over"
UNAPPROVED = "its period is over, and nobody approved"


def has_ended(ledger: Ledger, parent: str) -> bool:
    """Return whether something held or waited in a period that is over."""
    return bool(_find_due(ledger, parent))


def end_periods(ledger: Ledger, parent: str) -> tuple[str, ...]:
    """End what held or waited in a period that is over, and return the tenants; raises LedgerError."""
    due = _find_due(ledger, parent)
    slugs = tuple(sorted({event.tenant for event in due if event.tenant is not None}))
    for slug in slugs:
        with ledger.writing_facts():
            _end_for(ledger, parent, slug)
    return slugs


def _find_due(ledger: Ledger, parent: str) -> list[CapEvent]:
    now = ledger.now()
    undecided = (*find_events(ledger, parent, "holding"), *find_events(ledger, parent, "awaiting"))
    return [event for event in undecided if event.until is not None and event.until <= now]


def _end_for(ledger: Ledger, parent: str, slug: str) -> None:
    now = ledger.now()
    for event in find_events(ledger, parent, "awaiting", slug):
        if event.until is not None and event.until <= now:
            settle_event(ledger, event, _ending(event, UNAPPROVED))
    holding = find_events(ledger, parent, "holding", slug)
    over = [event for event in holding if event.until is not None and event.until <= now]
    end_holds(ledger, parent, slug, over, OVER, PROGRAM)


def end_holds(ledger: Ledger, parent: str, slug: str, ended: list[CapEvent], why: str, by: str) -> None:
    """End some of what holds a tenant, in the transaction that is open; without any left the reason is lifted."""
    for event in ended:
        settle_event(ledger, event, _ending(event, why))
    if not ended or find_events(ledger, parent, "holding", slug):
        return
    row = find_standing(ledger, parent, ended[0].account_sid)
    if row is None:  # its account is no longer ours: the reason goes, and nobody writes to the account
        end_suspension(ledger, parent, slug, CAP, by=by)
        return
    tenant = parse_standing(row.document)
    if end_suspension(ledger, parent, slug, CAP, by=by, make_notices=partial(make_resumed_notices, tenant)) is not None:
        ask_account(ledger, parent, slug, tenant.account_sid)


def _ending(event: CapEvent, why: str) -> Decision:
    return Decision("done", why, event.tenant, event.cap, event.until)
