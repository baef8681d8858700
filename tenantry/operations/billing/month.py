"""Billing a month, as a story: plan, take what is closed, read usage, read again, rate, and close if that is asked for.

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
from tenantry.operations.billing.draft import Drafted, Planned, draft_statement, plan_statements, read_usage, terms_of
from tenantry.operations.billing.due_corrections import read_again
from tenantry.operations.billing.months import NO_FACTS, plan_month

Step = Callable[[Drafted], BilledStatement]


def bill_month(request: BillRequest) -> Bill:
    """Return the drafts of a month, and what is closed of it; raises GitError, TwilioError, LedgerError."""
    planned = plan_statements(request)
    return _bill(request, planned, lambda drafted: drafted.result, is_closing=False)


def close_month(request: BillRequest, ledger: Ledger, write: Writer) -> Bill:
    """Close what can be closed of a month; each statement is a transaction of its own. Raises what bill_month does."""
    planned = plan_statements(request)
    order = _MonthOrder(request, ledger, planned)

    def close(drafted: Drafted) -> BilledStatement:
        problems = tuple(closing_problems(request, drafted, order.is_earlier_month_open))
        if problems or request.settings is None:
            return refuse_statement(drafted.plan, *problems, statement=drafted.statement)
        return close_draft(request, drafted, ledger, request.settings, write)

    return _bill(request, planned, close, is_closing=True)


def _bill(request: BillRequest, planned: Planned, step: Step, *, is_closing: bool) -> Bill:
    results = {plan.key: find_closed(request, plan) for plan in planned.plans}
    waiting = [plan for plan in planned.plans if results[plan.key] is None]
    for plan in read_usage(request, waiting, planned.accounts):
        results[plan.key] = _bill_statement(request, planned, plan, step)
    return Bill(
        stack=request.stack.stack,
        parent=request.stack.parent,
        period=request.period,
        now=request.now,
        statements=tuple(result for result in results.values() if result is not None),
        left_out=planned.left_out,
        is_closing=is_closing,
        has_ledger=request.ledger is not None,
    )


def _bill_statement(request: BillRequest, planned: Planned, plan: StatementPlan, step: Step) -> BilledStatement:
    again = read_again(request, plan, planned.accounts)
    drafted = draft_statement(request, plan, again.due)
    result = step(drafted) if drafted.statement is not None else drafted.result
    return replace(result, notes=(*result.notes, *again.notes))


class _MonthOrder:
    """Whether the month before is still open for a customer: billed, and not closed."""

    def __init__(self, request: BillRequest, ledger: Ledger, planned: Planned) -> None:
        self._before = replace(request, period=month_before(request.period))
        self._accounts = planned.accounts
        self._closed = last_closed_months(ledger, request.stack)

    def is_earlier_month_open(self, plan: StatementPlan) -> bool:
        """Return whether the month before was billed for a tenant of the statement and is not closed."""
        return any(
            self._closed.get(month.tenant, "") < self._before.month and month.tenant in self._billed_before
            for month in plan.months
        )

    @cached_property
    def _billed_before(self) -> frozenset[str]:
        terms, period = terms_of(self._before), self._before.period
        return frozenset(
            slug
            for slug, found in terms.tenants.items()
            if plan_month(slug, found, period, self._accounts.get(slug), NO_FACTS) is not None
        )
