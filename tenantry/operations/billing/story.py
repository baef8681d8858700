"""Billing a month, as a story: plan, take what is closed, read usage, read again, rate, and close if that is asked for.

bill_stack(order, write) -> BilledStack: with the session and the ledger that it needs
bill_month(request) -> Bill
close_month(request, ledger, write) -> Bill
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.journal import read_head
from tenantry.manifest.git import GitError
from tenantry.manifest.load import Loaded
from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.billing.bill import Bill, BilledStatement, BillRequest, StatementPlan, refuse_statement
from tenantry.operations.billing.close import Writer, close_draft, find_closed, find_closing_problems
from tenantry.operations.billing.draft import (
    Drafted,
    Planned,
    draft_statement,
    note_gone_manifests,
    plan_statements,
    read_usage,
)
from tenantry.operations.billing.due_corrections import draw_corrections, note_uncarried, read_again
from tenantry.operations.billing.month_order import MonthOrder
from tenantry.operations.billing.other_plans import find_other_plans
from tenantry.operations.billing.rating.hints import add_hints
from tenantry.operations.billing.unfinished import naming_what_closed
from tenantry.operations.billing.whose import refuse_other_name
from tenantry.operations.errors import InterruptedOperationError, StoppedError
from tenantry.operations.ledger.opening import Place, open_for_facts, open_for_readings
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session

Step = Callable[[Drafted], BilledStatement]


@dataclass(frozen=True)
class BillOrder:
    """Whose statements of which month are wanted: customers and tenants by name (empty: all)."""

    root: Path
    loaded: Loaded
    state: tuple[StateResource, ...] | None
    names: frozenset[str]
    period: UsagePeriod
    now: datetime
    environ: Mapping[str, str] = field(repr=False)
    listener: Callable[[int], None] = field(default=lambda _: None, repr=False)
    """Called with the number of accounts read."""


@dataclass(frozen=True)
class BilledStack:
    """A bill, and what it took at Twilio."""

    bill: Bill
    traffic: Traffic


def bill_stack(order: BillOrder, write: Writer | None) -> BilledStack:
    """Draft the statements of a month; with what writes their documents, close them. Raises OperationError."""
    try:
        session = Session.from_env(order.environ)
        with _open_ledger(order, is_closing=write is not None) as ledger:
            request = BillRequest(
                root=order.root,
                loaded=order.loaded,
                state=order.state,
                session=session,
                period=order.period,
                now=order.now,
                names=order.names,
                ledger=ledger,
                listener=order.listener,
            )
            if ledger is not None:
                refuse_other_name(ledger, request.stack)
            bill = bill_month(request) if write is None or ledger is None else close_month(request, ledger, write)
            return BilledStack(bill, session.traffic)
    except (GitError, TwilioError, LedgerError) as error:
        raise StoppedError(f"{error} No statement was made.") from error


@contextmanager
def _open_ledger(order: BillOrder, *, is_closing: bool) -> Iterator[Ledger | None]:
    """Yield the stack's ledger; None where a draft has none, which then lacks purchases and corrections."""
    place = Place(order.root, order.loaded.stack, order.environ)
    if not is_closing and place.stack.ledger is None:
        yield None
        return
    with open_for_facts(place) if is_closing else open_for_readings(place) as ledger:
        yield ledger


def bill_month(request: BillRequest) -> Bill:
    """Return the drafts of a month, and what is closed of it; raises GitError, TwilioError, LedgerError."""
    planned = plan_statements(request)
    order = MonthOrder(request, planned)

    def keep_draft(drafted: Drafted) -> BilledStatement:
        result = drafted.result
        plans = find_other_plans(request.loaded, drafted.plan.months)
        statement = add_hints(drafted.statement, plans) if drafted.statement else result.statement
        return replace(result, statement=statement, problems=(*result.problems, *order.open_again(drafted.plan)))

    return _bill(request, planned, order, keep_draft)


def close_month(request: BillRequest, ledger: Ledger, write: Writer) -> Bill:
    """Close what can be closed of a month; each statement is a transaction of its own.

    Raises what bill_month does before the first one is closed; after that OperationError, which says what was closed.
    """
    try:
        planned = plan_statements(request)
    except KeyboardInterrupt:
        raise InterruptedOperationError("Interrupted. No statement was closed.") from None
    order = MonthOrder(request, planned)

    def close(drafted: Drafted) -> BilledStatement:
        problems = tuple(find_closing_problems(request, drafted, order))
        if problems or request.settings is None:
            return refuse_statement(drafted.plan, *problems, statement=drafted.statement)
        return close_draft(request, drafted, ledger, request.settings, write)

    with naming_what_closed(request, ledger, planned.plans):
        bill = _bill(request, planned, order, close)
    return replace(bill, is_closing=True, ledger_head=str(read_head(ledger)))


def _bill(request: BillRequest, planned: Planned, order: MonthOrder, step: Step) -> Bill:
    results = {plan.key: _find_closed(request, plan, order) for plan in planned.plans}
    waiting = [plan for plan in planned.plans if results[plan.key] is None]
    for plan in read_usage(request, waiting, planned.accounts):
        results[plan.key] = _bill_statement(request, planned, plan, step)
    return Bill(
        stack=request.stack.stack,
        parent=request.stack.parent,
        period=request.period,
        now=request.now,
        statements=tuple(result for result in results.values() if result is not None),
        left_out=(*planned.left_out, *order.open_again_of_others()),
        is_closing=False,
        has_ledger=request.ledger is not None,
        unbilled=planned.unbilled,
        notes=tuple(note_uncarried(request, planned.plans)),
    )


def _find_closed(request: BillRequest, plan: StatementPlan, order: MonthOrder) -> BilledStatement | None:
    """Return a statement that is closed, with a note on each earlier month that is open again."""
    found = find_closed(request, plan)
    again = (f"{problem.tenant}: {problem.sentence}" for problem in order.open_again(plan))
    return None if found is None else replace(found, notes=(*found.notes, *again))


def _bill_statement(request: BillRequest, planned: Planned, plan: StatementPlan, step: Step) -> BilledStatement:
    again = read_again(request, plan, planned.accounts)
    drafted = draft_statement(request, draw_corrections(plan, again.due), again.due)
    result = step(drafted) if drafted.statement is not None else drafted.result
    return replace(result, notes=(*result.notes, *note_gone_manifests(request, plan), *again.notes))
