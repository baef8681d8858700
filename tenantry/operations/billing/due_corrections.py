"""Corrections that are due: a closed month is read again once, and the difference goes on the next statement."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from tenantry.ledger.connection import Ledger
from tenantry.ledger.credits import CreditUse, list_uses, sum_used_units
from tenantry.ledger.statements import Statement, list_closed_numbers, list_corrections, list_statements
from tenantry.ledger.values import StackRef
from tenantry.model.statements import Statements
from tenantry.model.usage_period import month_before, read_month
from tenantry.operations.billing.bill import BillRequest, StatementPlan
from tenantry.operations.billing.months import gather_month
from tenantry.operations.billing.rating.corrections import correct
from tenantry.operations.billing.rating.rate_statement import rate_statement
from tenantry.operations.billing.rating.values.inputs import Lot, TenantMonth
from tenantry.operations.billing.rating.values.internal_statement import Correction, InternalStatement
from tenantry.operations.billing.rating.values.problems import RatingError
from tenantry.operations.billing.stored import StoredInputs, restore_inputs
from tenantry.operations.usage.accounts import TenantAccount

UNCARRIED = (
    "{number} ({owner}, {month}) is not read again, as no statement of this month follows it; compare `tenantry usage "
    "--month {month}` with it, and write an adjustment where Twilio corrected much"
)


@dataclass(frozen=True)
class DueCorrection:
    """A closed statement that was rated again, and what it was rated with this time."""

    corrected: str
    correction: Correction
    inputs: StoredInputs
    uses: tuple[CreditUse, ...] = ()
    """What it uses more of each lot, or gives back."""


@dataclass(frozen=True)
class ReadAgain:
    """The corrections of one statement's owner, and why some statements could not be read again."""

    due: tuple[DueCorrection, ...] = ()
    notes: tuple[str, ...] = ()


def read_again(request: BillRequest, plan: StatementPlan, accounts: Mapping[str, TenantAccount]) -> ReadAgain:
    """Return the corrections for a customer; none without a ledger or `statements`."""
    if request.ledger is None or request.settings is None:
        return ReadAgain()
    due: list[DueCorrection] = []
    notes: list[str] = []
    for statement in _find_due_statements(request.ledger, request, plan, request.settings):
        lots = _Lots(request.ledger, request.stack, statement, sum_corrected_units(due))
        found = _rate_again(request, statement, lots, request.settings, accounts)
        if isinstance(found, DueCorrection):
            due.append(found)
        else:
            notes.append(found)
    return ReadAgain(tuple(due), tuple(notes))


def sum_corrected_units(due: Iterable[DueCorrection]) -> Mapping[int, Decimal]:
    """Return what corrections use more of each lot, by the lot's id; below 0 where they give back."""
    sums: defaultdict[int, Decimal] = defaultdict(Decimal)
    for correction in due:
        for use in correction.uses:
            sums[use.lot] += use.units
    return sums


def draw_corrections(plan: StatementPlan, due: Iterable[DueCorrection]) -> StatementPlan:
    """Return the plan with the units that its corrections leave of each lot: earlier usage draws first."""
    used = sum_corrected_units(due)
    if not used:
        return plan

    def draw(lot: Lot) -> Lot:
        return replace(lot, units_left=max(lot.units_left - used.get(lot.id, Decimal(0)), Decimal(0)))

    return replace(plan, months=tuple(replace(month, lots=tuple(map(draw, month.lots))) for month in plan.months))


def _find_due_statements(
    ledger: Ledger, request: BillRequest, plan: StatementPlan, settings: Statements
) -> Iterator[Statement]:
    """Yield the earlier statements that are old enough and were not read again yet, the oldest first."""
    for statement in list_statements(ledger, request.stack, customer=plan.customer.slug):
        owner = statement.owner
        if statement.status != "closed" or owner.tenant != plan.tenant or owner.month >= request.month:
            continue
        day = read_month(owner.month).end + timedelta(days=settings.read_again_after_days)
        if day <= request.now and not list_corrections(ledger, statement.number):
            yield statement


def note_uncarried(request: BillRequest, plans: Iterable[StatementPlan]) -> Iterator[str]:
    """Yield a note on each statement that became due since the month began, and has no successor to carry a correction.

    Its tenant has ended, or its customer gets statements for other tenants together now. Each is noted in one month.
    """
    if request.ledger is None or request.settings is None or request.names:
        return
    wait, owners = timedelta(days=request.settings.read_again_after_days), {plan.key for plan in plans}
    noted_before = request.period.begin + timedelta(days=request.settings.close_after_days)
    period = month_before(request.period)
    while period.end + wait > noted_before:
        month = f"{period.first:%Y-%m}"
        closed = list_closed_numbers(request.ledger, request.stack, month) if period.end + wait <= request.now else {}
        for (customer, tenant), number in sorted(closed.items()):
            if (customer, tenant) not in owners and not list_corrections(request.ledger, number):
                yield UNCARRIED.format(number=number, month=month, owner=tenant or customer)
        period = month_before(period)


def _rate_again(
    request: BillRequest,
    statement: Statement,
    lots: "_Lots",
    settings: Statements,
    accounts: Mapping[str, TenantAccount],
) -> DueCorrection | str:
    stored = restore_inputs(statement.inputs)
    months: list[TenantMonth] = []
    for month in map(lots.limit, stored.months):
        account = accounts.get(month.tenant) or TenantAccount(month.tenant, month.name, month.account_sid, None)
        found = gather_month(request.session, replace(month, usage=None), account)
        if found.reason is not None:
            return f"{statement.number} was not read again: no usage of {month.tenant} is available ({found.reason})"
        months.append(found.month)
    try:
        rerated = rate_statement(stored.customer, months, stored.adjustments)
    except RatingError as error:
        return f"{statement.number} was read again and can't be rated: {error}"
    correction = correct(statement.number, stored.lines, rerated, settings.ignore_corrections_below)
    inputs = StoredInputs(stored.customer, tuple(months), stored.adjustments, rerated.own_lines)
    return DueCorrection(statement.number, correction, inputs, lots.differences(rerated))


class _Lots:
    """The lots of a closed statement: what other statements left of them, and what it used itself."""

    def __init__(self, ledger: Ledger, stack: StackRef, statement: Statement, corrected: Mapping[int, Decimal]) -> None:
        self._month = statement.owner.month
        self._own = list_uses(ledger, statement.number)
        self._used = sum_used_units(ledger, stack)
        self._corrected = corrected

    def limit(self, month: TenantMonth) -> TenantMonth:
        """Return the month with no more units of a lot than other statements left: later months have used theirs."""
        return replace(month, lots=tuple(replace(lot, units_left=self._available(lot)) for lot in month.lots))

    def _available(self, lot: Lot) -> Decimal:
        closed, own, corrected = (units.get(lot.id, Decimal(0)) for units in (self._used, self._own, self._corrected))
        used_by_others = closed - own + corrected
        return min(lot.units_left, lot.units - used_by_others)

    def differences(self, rerated: InternalStatement) -> tuple[CreditUse, ...]:
        """Return what the statement, rated again, uses of each lot more than it did."""
        used = {use.lot.id: use.used for tenant in rerated.tenants for use in tenant.lots}
        lots = sorted(used.keys() | self._own.keys())
        found = ((lot, used.get(lot, Decimal(0)) - self._own.get(lot, Decimal(0))) for lot in lots)
        return tuple(CreditUse(lot, self._month, units) for lot, units in found if units)
