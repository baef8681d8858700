"""The bill of a month: a statement for each customer, drafted, closed, or refused with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.connection import Ledger
from tenantry.ledger.values import StackRef
from tenantry.manifest.load import Loaded
from tenantry.model.statements import Statements
from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.billing.rating.values.inputs import BilledCustomer, TenantMonth
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement
from tenantry.operations.billing.rating.values.problems import BillingProblem
from tenantry.twilio.session import Session

Status = Literal["draft", "closed", "refused"]


@dataclass(frozen=True)
class BillRequest:
    """What is to be billed: a month of a stack, or of the customers and tenants that are named."""

    root: Path
    loaded: Loaded
    state: tuple[StateResource, ...] | None
    session: Session
    period: UsagePeriod
    now: datetime
    names: frozenset[str] = frozenset()
    """Slugs of customers and tenants; empty is all."""
    ledger: Ledger | None = None
    listener: Callable[[int], None] = field(default=lambda _: None, repr=False)

    @property
    def stack(self) -> StackRef:
        """Whose rows of the ledger these are."""
        return StackRef(self.session.parent_sid, self.loaded.stack.name or "")

    @property
    def settings(self) -> Statements | None:
        """`statements` of tenantry.yaml."""
        return self.loaded.stack.statements

    @property
    def month(self) -> str:
        """`2026-03`."""
        return f"{self.period.first:%Y-%m}"


@dataclass(frozen=True)
class StatementPlan:
    """Who gets one statement, and the months of the tenants on it; `tenant` is empty where it is for several."""

    customer: BilledCustomer
    tenant: str
    months: tuple[TenantMonth, ...]
    problems: tuple[BillingProblem, ...] = ()
    """Why there can be none."""
    is_failed: bool = False
    """Whether a question failed, so that asking again may help."""

    @property
    def key(self) -> tuple[str, str]:
        """Whose statement it is: customer and tenant."""
        return self.customer.slug, self.tenant


@dataclass(frozen=True)
class BilledStatement:
    """What became of one statement."""

    customer: str
    tenant: str
    status: Status
    statement: InternalStatement | None = None
    """Of a draft, and of a statement that this run closed."""
    number: str | None = None
    currency: str | None = None
    total: Decimal | None = None
    for_customer: str | None = field(default=None, repr=False)
    """Of a closed one: the customer's document, byte for byte as it was closed."""
    for_us: str | None = field(default=None, repr=False)
    is_new: bool = False
    """Whether this run closed it."""
    problems: tuple[BillingProblem, ...] = ()
    """Why it was refused; of a draft, why it could not be closed."""
    notes: tuple[str, ...] = ()
    is_failed: bool = False


@dataclass(frozen=True)
class Bill:
    """The statements of a month, by customer and tenant, and tenants that are on none."""

    stack: str
    parent: str
    period: UsagePeriod
    now: datetime
    statements: tuple[BilledStatement, ...]
    left_out: tuple[BillingProblem, ...]
    is_closing: bool
    has_ledger: bool
    unbilled: tuple[str, ...] = ()
    """Tenants that have terms, and of which no day in the month is billed; that is no problem."""
    notes: tuple[str, ...] = ()
    """On no statement of this month, such as an earlier one that nobody reads again."""
    ledger_head: str | None = None
    """The end of the ledger's journal after a close; whoever noted it down notices an older copy of the ledger."""

    @property
    def exit_code(self) -> int:
        """1 where something that was tried failed, 2 where a statement was refused or a tenant left out, else 0."""
        if any(statement.is_failed for statement in self.statements):
            return 1
        refused = any(statement.status == "refused" for statement in self.statements)
        return 2 if refused or self.left_out else 0

    @property
    def totals(self) -> Mapping[str, Decimal]:
        """The sum of all statements, by currency."""
        sums: dict[str, Decimal] = {}
        for statement in self.statements:
            if statement.currency is not None and statement.total is not None:
                sums[statement.currency] = sums.get(statement.currency, Decimal(0)) + statement.total
        return dict(sorted(sums.items()))


def refuse_statement(
    plan: StatementPlan, *problems: BillingProblem, statement: InternalStatement | None = None
) -> BilledStatement:
    """Return that there is no statement, and why."""
    return BilledStatement(
        plan.customer.slug, plan.tenant, "refused", statement, problems=problems, is_failed=plan.is_failed
    )


def number_statement(statement: InternalStatement, number: str) -> InternalStatement:
    """Return a statement that has its number."""
    return replace(statement, number=number)
