"""Closing statements: once a customer and month, in month order, with a number that is never used twice."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from tenantry.ledger.closing import Closing, Documents, NewCorrection, Numbered, close_statement
from tenantry.ledger.connection import Ledger
from tenantry.ledger.credits import CreditUse
from tenantry.ledger.errors import OutdatedError
from tenantry.ledger.statements import Account, Owner, Statement, find_closed_statement, list_accounts
from tenantry.model.money import MoneyError, decimal_of, nano_of
from tenantry.model.statement_number import number_series
from tenantry.model.statements import Statements
from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.billing.bill import (
    BilledStatement,
    BillRequest,
    StatementPlan,
    number_statement,
    refuse_statement,
)
from tenantry.operations.billing.draft import Drafted
from tenantry.operations.billing.month_order import MonthOrder
from tenantry.operations.billing.notices import make_notices
from tenantry.operations.billing.rating.parts import find_billed_days
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement
from tenantry.operations.billing.rating.values.problems import BillingProblem
from tenantry.operations.billing.stored import StoredInputs, digest_terms, store_inputs, store_lines

Writer = Callable[[InternalStatement, datetime], tuple[str, str]]
"""Returns the customer's document and ours, as JSON, of a statement and the time of its closing."""


def find_closed(request: BillRequest, plan: StatementPlan) -> BilledStatement | None:
    """Return the statement as it was closed, byte for byte; None where none is."""
    found = find_closed_statement(request.ledger, name_owner(request, plan)) if request.ledger else None
    if found is None:
        return None
    return describe_closed(plan, found, notes=tuple(_compare_closed(request, plan, found)))


def _compare_closed(request: BillRequest, plan: StatementPlan, found: Statement) -> Iterator[str]:
    """Yield how a closed statement differs from what would be closed now: tenants that it lacks, and terms."""
    accounts = list_accounts(request.ledger, found.number) if request.ledger else ()
    missing = sorted({month.tenant for month in plan.months} - {account.tenant for account in accounts})
    if missing:
        names = ", ".join(missing)
        yield f"{found.number} was closed without {names}; to bill that, make it void and close the month again"
    elif found.terms_digest != digest_terms(plan.customer, plan.months):
        yield f"{found.number} was closed with other terms than the branch has now; it stays as it was closed"


def name_owner(request: BillRequest, plan: StatementPlan) -> Owner:
    """Return whose statement it is in the ledger."""
    return Owner(request.stack, plan.customer.slug, request.month, plan.tenant)


def find_closing_problems(request: BillRequest, drafted: Drafted, order: MonthOrder) -> Iterator[BillingProblem]:
    """Yield why a statement can't be closed now."""
    statement, slug = drafted.statement, drafted.plan.months[0].tenant
    if statement is None:
        return
    yield from statement.refusals
    settings = request.settings
    if settings is None:
        sentence = "tenantry.yaml says nothing of numbers; write `statements: {number: ...}`"
        yield BillingProblem("no_number", slug, sentence)
        return
    first = request.period.end + timedelta(days=settings.close_after_days)
    if request.now < first:
        sentence = f"it can be closed from {first:%Y-%m-%d} on (statements.close_after_days); usage still changes"
        yield BillingProblem("too_early", slug, sentence)
    yield from _find_incomplete(drafted.plan)
    yield from order.open_again(drafted.plan)
    yield from order.month_before_is_open(drafted.plan)


def _find_incomplete(plan: StatementPlan) -> Iterator[BillingProblem]:
    """Yield a problem for each tenant whose usage Twilio had not counted up to the end of its billed days."""
    for month in plan.months:
        as_of = month.usage.as_of if month.usage else None
        end = find_billed_days(month).end
        if as_of is None or as_of < end:
            counted = f"counted until {as_of:%Y-%m-%d %H:%M} UTC" if as_of else "not said until when it has counted"
            sentence = f"Twilio has {counted}, and its days end at {end:%Y-%m-%d %H:%M} UTC; close it later"
            yield BillingProblem("as_of_too_early", month.tenant, sentence)


def close_draft(
    request: BillRequest, drafted: Drafted, ledger: Ledger, settings: Statements, write: Writer
) -> BilledStatement:
    """Close a statement that has no problem; return it as it was closed. Raises LedgerError."""
    statement = drafted.statement
    if statement is None:
        return drafted.result

    def documents(numbered: Numbered) -> Documents:
        named = number_statement(statement, numbered.number)
        for_customer, for_us = write(named, numbered.closed_at)
        return Documents(for_customer, for_us, make_notices(request.stack, drafted.plan, named))

    try:
        recorded = close_statement(ledger, _make_closing(request, drafted, statement, settings), documents)
    except OutdatedError as error:
        return refuse_statement(drafted.plan, BillingProblem("outdated", drafted.plan.months[0].tenant, str(error)))
    except MoneyError as error:
        sentence = f"its amounts can't be kept in the ledger: {error}"
        return refuse_statement(drafted.plan, BillingProblem("too_large", drafted.plan.months[0].tenant, sentence))
    result = describe_closed(drafted.plan, recorded.value, is_new=recorded.is_new)
    return replace(result, statement=number_statement(statement, recorded.value.number) if recorded.is_new else None)


def _make_closing(
    request: BillRequest, drafted: Drafted, statement: InternalStatement, settings: Statements
) -> Closing:
    plan = drafted.plan
    inputs = StoredInputs(plan.customer, plan.months, drafted.billed_adjustments, statement.own_lines)
    series = number_series(settings.number, year=request.period.first.year, stack=request.stack.stack)
    return Closing(
        owner=name_owner(request, plan),
        series=series,
        currency=statement.currency,
        total=nano_of(statement.total),
        tax=nano_of(statement.tax.amount if statement.tax else Decimal(0)),
        terms_digest=digest_terms(plan.customer, plan.months),
        terms_commit=plan.months[0].commit,
        inputs=store_inputs(inputs),
        accounts=tuple(
            _make_account(month.tenant, month.account_sid, find_billed_days(month)) for month in plan.months
        ),
        as_of=min((month.usage.as_of for month in plan.months if month.usage and month.usage.as_of), default=None),
        adjustments=tuple(asked.id for asked in drafted.adjustments),
        corrections=tuple(
            NewCorrection(
                due.corrected,
                nano_of(Decimal(0) if due.correction.is_ignored else due.correction.total),
                store_lines(due.correction.lines),
                store_inputs(due.inputs),
            )
            for due in drafted.corrections
        ),
        uses=(*_list_uses(request, statement), *(use for due in drafted.corrections for use in due.uses)),
    )


def _list_uses(request: BillRequest, statement: InternalStatement) -> Iterator[CreditUse]:
    for tenant in statement.tenants:
        yield from (CreditUse(use.lot.id, request.month, use.used) for use in tenant.lots if use.used)


def _make_account(tenant: str, sid: str, days: UsagePeriod) -> Account:
    return Account(tenant, sid, days.first, days.last)


def describe_closed(
    plan: StatementPlan, found: Statement, *, is_new: bool = False, notes: tuple[str, ...] = ()
) -> BilledStatement:
    """Return a statement as the ledger has it."""
    return BilledStatement(
        customer=plan.customer.slug,
        tenant=plan.tenant,
        status="closed",
        number=found.number,
        currency=found.currency,
        total=decimal_of(found.total),
        for_customer=found.for_customer,
        for_us=found.for_us,
        is_new=is_new,
        notes=notes,
    )
