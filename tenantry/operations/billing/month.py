"""Billing a month, as a story: plan, look for what is closed, read again, rate, and close where that is asked for.

bill_month(request) -> Bill
close_month(request, ledger, write) -> Bill
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from tenantry.ledger.connection import Ledger
from tenantry.ledger.statements import last_closed_months
from tenantry.model.usage_period import month_before
from tenantry.operations.billing.bill import Bill, BilledStatement, BillRequest, StatementPlan, refuse_statement
from tenantry.operations.billing.close import Writer, close_draft, closing_problems, find_closed
from tenantry.operations.billing.draft import Drafted, Planned, draft_statement, plan_statements
from tenantry.operations.billing.due_corrections import read_again
from tenantry.operations.billing.in_force import read_terms
from tenantry.operations.billing.months import NO_FACTS, plan_month

Step = Callable[[Drafted], BilledStatement]


def bill_month(request: BillRequest) -> Bill:
    """Return the drafts of a month, and what is closed of it; raises GitError, TwilioError, LedgerError."""
    planned = plan_statements(request)
    statements = tuple(_bill(request, planned, plan, lambda drafted: drafted.result) for plan in planned.plans)
    return _bill_of(request, planned, statements, is_closing=False)


def close_month(request: BillRequest, ledger: Ledger, write: Writer) -> Bill:
    """Close what can be closed of a month; each statement is a transaction of its own. Raises what bill_month does."""
    planned = plan_statements(request)
    order = _MonthOrder(request, ledger, planned)

    def close(drafted: Drafted) -> BilledStatement:
        problems = tuple(closing_problems(request, drafted, order.is_earlier_month_open))
        if problems or request.settings is None:
            return refuse_statement(drafted.plan, *problems, statement=drafted.statement)
        return close_draft(request, drafted, ledger, request.settings, write)

    statements = tuple(_bill(request, planned, plan, close) for plan in planned.plans)
    return _bill_of(request, planned, statements, is_closing=True)


def _bill(request: BillRequest, planned: Planned, plan: StatementPlan, step: Step) -> BilledStatement:
    found = find_closed(request, plan)
    if found is not None:
        return found
    again = read_again(request, plan, {account.slug: account for account in planned.accounts.chosen})
    drafted = draft_statement(request, plan, again.due)
    result = step(drafted) if drafted.statement is not None else drafted.result
    return result if not again.notes else _with_notes(result, again.notes)


def _with_notes(result: BilledStatement, notes: tuple[str, ...]) -> BilledStatement:
    return replace(result, notes=(*result.notes, *notes))


def _bill_of(
    request: BillRequest, planned: Planned, statements: tuple[BilledStatement, ...], *, is_closing: bool
) -> Bill:
    return Bill(
        stack=request.stack.stack,
        parent=request.stack.parent,
        period=request.period,
        now=request.now,
        statements=statements,
        left_out=planned.left_out,
        is_closing=is_closing,
        has_ledger=request.ledger is not None,
    )


class _MonthOrder:
    """Whether the month before is still open for a customer: billed, and not closed."""

    def __init__(self, request: BillRequest, ledger: Ledger, planned: Planned) -> None:
        self._request = request
        self._planned = planned
        self._closed = last_closed_months(ledger, request.stack)
        self._before = month_before(request.period)

    def is_earlier_month_open(self, plan: StatementPlan) -> bool:
        """Return whether the month before was billed for a tenant of the statement and is not closed."""
        last = self._closed.get((plan.customer.slug, plan.tenant))
        if last is not None and last >= f"{self._before.first:%Y-%m}":
            return False
        return any(month.tenant in self._billed_before for month in plan.months)

    @cached_property
    def _billed_before(self) -> frozenset[str]:
        request, period = self._request, self._before
        branch = request.settings.branch if request.settings else "main"
        terms = read_terms(request.root, request.loaded.stack.name, period, branch)
        accounts = {account.slug: account for account in self._planned.accounts.chosen}
        return frozenset(
            slug
            for slug, found in terms.tenants.items()
            if plan_month(slug, found, period, accounts.get(slug), NO_FACTS)
        )
