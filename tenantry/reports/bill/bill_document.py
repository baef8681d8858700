"""A whole bill for us, as it is published."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from tenantry.model.money import round_half_up
from tenantry.operations.billing.bill import Bill, BilledStatement, Status
from tenantry.operations.billing.rating.values.problems import BillingProblem, ProblemCode
from tenantry.reports.bill.figure import Document, Figure
from tenantry.reports.bill.our_document import OurDocument


class ProblemDocument(Document):
    """Why there is no statement, or why it can't be closed."""

    code: ProblemCode
    tenant: str
    sentence: str = Field(description="what it is, and what to do")


class BilledDocument(Document):
    """What became of one statement."""

    customer: str
    tenant: str | None = Field(description="null where the statement is for all tenants of the customer")
    status: Status
    is_new: bool = Field(description="whether this run closed it")
    number: str | None
    currency: str | None
    total: Figure | None
    problems: tuple[ProblemDocument, ...]
    notes: tuple[str, ...]
    statement: OurDocument | None = Field(
        default=None, description="everything about it; null where it could not be rated"
    )


class BillDocument(Document):
    """The statements of a month, and tenants that are on none."""

    format: Literal[1] = 1
    audience: Literal["internal"] = "internal"
    stack: str
    parent: str
    month: str = Field(description="such as 2026-03")
    at: datetime = Field(description="when the bill was made")
    is_closing: bool = Field(description="whether the run was to close")
    has_ledger: bool = Field(description="false: drafts lack purchases of credits, adjustments and corrections")
    totals: dict[str, Figure] = Field(description="the sum of all statements, by currency")
    notes: tuple[str, ...] = Field(default=(), description="on no statement of this month")
    ledger_head: str | None = Field(
        default=None,
        description="end of the ledger's journal after a close, for `ledger check --head`; null of a draft",
    )
    statements: tuple[BilledDocument, ...]
    left_out: tuple[ProblemDocument, ...] = Field(description="tenants that are on no statement")


def describe_bill(bill: Bill) -> BillDocument:
    """Return a bill as it is published, without `statement` of its statements: those are text already."""
    return BillDocument(
        stack=bill.stack,
        parent=bill.parent,
        month=f"{bill.period.first:%Y-%m}",
        at=bill.now,
        is_closing=bill.is_closing,
        has_ledger=bill.has_ledger,
        totals={currency: round_half_up(total, currency) for currency, total in bill.totals.items()},
        statements=tuple(map(_describe, bill.statements)),
        notes=bill.notes,
        ledger_head=bill.ledger_head,
        left_out=_problems(bill.left_out),
    )


def _describe(billed: BilledStatement) -> BilledDocument:
    total, currency = billed.total, billed.currency
    return BilledDocument(
        customer=billed.customer,
        tenant=billed.tenant or None,
        status=billed.status,
        is_new=billed.is_new,
        number=billed.number,
        currency=currency,
        total=None if total is None or currency is None else round_half_up(total, currency),
        problems=_problems(billed.problems),
        notes=billed.notes,
    )


def _problems(problems: tuple[BillingProblem, ...]) -> tuple[ProblemDocument, ...]:
    return tuple(map(ProblemDocument.model_validate, problems))
