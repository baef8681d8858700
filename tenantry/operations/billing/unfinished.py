"""A close that does not come to its end, by Ctrl-C or an error: which statements it closed, and which are open."""

from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager, suppress

from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.statements import list_closed_numbers
from tenantry.manifest.git import GitError
from tenantry.operations.billing.bill import BillRequest, StatementPlan
from tenantry.operations.errors import InterruptedOperationError, StoppedError
from tenantry.text.counts import format_count
from tenantry.twilio.errors import TwilioError

NAMED = 20
"""So many names are written, and the others are counted."""


@contextmanager
def naming_what_closed(request: BillRequest, ledger: Ledger, plans: Sequence[StatementPlan]) -> Iterator[None]:
    """Let whatever ends the block early say which of these statements the ledger has closed by then."""
    before = list_closed_numbers(ledger, request.stack, request.month)
    try:
        yield
    except KeyboardInterrupt:
        progress = _describe_progress(request, ledger, plans, before)
        raise InterruptedOperationError(f"Interrupted. {progress}") from None
    except (GitError, LedgerError, TwilioError) as error:
        progress = _describe_progress(request, ledger, plans, before)
        raise StoppedError(f"{error} {progress}") from error


def _describe_progress(
    request: BillRequest, ledger: Ledger, plans: Sequence[StatementPlan], before: Container[tuple[str, str]]
) -> str:
    again = f"tenantry bill --month {request.month} --close"
    with suppress(LedgerError):
        closed = list_closed_numbers(ledger, request.stack, request.month)
        new = [f"{_name_owner(key)} ({number})" for key, number in closed.items() if key not in before]
        waiting = [_name_owner(plan.key) for plan in plans if plan.key not in closed]
        first = (
            f"{format_count(len(new), 'statement')} closed by this run: {_list_names(new)}."
            if new
            else "None was closed."
        )
        rest = f"Not closed: {_list_names(waiting)}." if waiting else "All are closed."
        return f"{first} {rest} Run it again to close the others: {again}"
    return f"What was closed until then stays closed. Run it again to close the others: {again}"


def _name_owner(key: tuple[str, str]) -> str:
    customer, tenant = key
    return customer if tenant in ("", customer) else f"{customer}/{tenant}"


def _list_names(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
