"""Drafting the statements of a month: who gets one, from which usage, and what it comes to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from tenantry.ledger.adjustments import Adjustment as AskedAdjustment
from tenantry.ledger.adjustments import list_open_adjustments
from tenantry.model.money import decimal_of, round_half_up
from tenantry.model.terms import Customer
from tenantry.operations.billing.bill import BilledStatement, BillRequest, StatementPlan, refuse_statement
from tenantry.operations.billing.due_corrections import DueCorrection
from tenantry.operations.billing.in_force import TenantTerms, TermsInForce, read_terms
from tenantry.operations.billing.months import NO_FACTS, gather_months, plan_month, read_facts
from tenantry.operations.billing.rating.rate_statement import rate_statement
from tenantry.operations.billing.rating.values.inputs import Adjustment, BilledCustomer, TenantMonth
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement
from tenantry.operations.billing.rating.values.problems import BillingProblem, RatingError
from tenantry.operations.errors import StoppedError
from tenantry.operations.usage.accounts import TenantAccount, find_accounts
from tenantry.text.spelling import closest

DEFAULT_BRANCH = "main"
GONE = (
    "{tenant}: its manifest is gone, so it is billed up to the month's last day; if it ended before that, put the "
    "manifest back with `billed_until`, merge that, and run again"
)


@dataclass(frozen=True)
class Planned:
    """The statements of a month before usage is read, and tenants that are on none."""

    plans: tuple[StatementPlan, ...]
    left_out: tuple[BillingProblem, ...]
    accounts: Mapping[str, TenantAccount]
    """Of every tenant of the stack, by slug."""
    unbilled: tuple[str, ...]
    """Tenants that have terms, and of which no day in the month is billed."""


@dataclass(frozen=True)
class Drafted:
    """A rated statement with the rows of the ledger that it uses up, or why there is none."""

    plan: StatementPlan
    result: BilledStatement
    statement: InternalStatement | None = None
    adjustments: tuple[AskedAdjustment, ...] = ()
    corrections: tuple[DueCorrection, ...] = ()

    @property
    def billed_adjustments(self) -> tuple[Adjustment, ...]:
        """Its adjustments, as they were rated."""
        return tuple(map(_make_adjustment, self.adjustments))


def plan_statements(request: BillRequest) -> Planned:
    """Read terms and accounts, and return who gets a statement.

    Raises GitError, TwilioError, LedgerError, and StoppedError on a name that nobody has.
    """
    terms = find_terms(request)
    _refuse_unknown(request, terms)
    accounts = _find_accounts(request, terms)
    facts = read_facts(request.ledger, request.stack, request.period) if request.ledger else NO_FACTS
    planned = (
        plan_month(slug, found, request.period, accounts.get(slug), facts) for slug, found in terms.tenants.items()
    )
    months = tuple(month for month in planned if month is not None)
    unbilled = sorted(terms.tenants.keys() - {month.tenant for month in months})
    plans = tuple(plan for plan in _group(months, terms.tenants) if is_wanted(request, _list_names(plan)))
    left_out = tuple(problem for problem in terms.problems if is_wanted(request, {problem.tenant}))
    return Planned(plans, left_out, accounts, tuple(slug for slug in unbilled if is_wanted(request, {slug})))


def _find_accounts(request: BillRequest, terms: TermsInForce) -> dict[str, TenantAccount]:
    """Return the account of each tenant; one without a manifest is in it only where something says which it has."""
    gone = terms.tenants.keys() - request.loaded.files.keys()
    found = find_accounts(request.loaded, request.state, request.session, None, gone=gone)
    return {account.slug: account for account in found.chosen if account.sid is not None or account.slug not in gone}


def find_terms(request: BillRequest) -> TermsInForce:
    """Return the terms in force in the request's month; raises GitError."""
    branch = request.settings.branch if request.settings else DEFAULT_BRANCH
    return read_terms(request.root, request.loaded.stack.name, request.period, branch)


def is_wanted(request: BillRequest, names: Set[str]) -> bool:
    """Return whether one of these names was asked for; all are, where none was named."""
    return not request.names or bool(names & request.names)


def _list_names(plan: StatementPlan) -> set[str]:
    """Return whoever may be named to get this statement, which is always whole: its customer, and its tenants."""
    return {plan.customer.slug, *(month.tenant for month in plan.months)}


def _refuse_unknown(request: BillRequest, terms: TermsInForce) -> None:
    """Raise StoppedError on a name of no tenant and no customer, neither now nor in the month."""
    then = {name for slug, found in terms.tenants.items() for name in (slug, found.tenant.customer_key)}
    now = {tenant.customer_key for tenant in request.loaded.tenants.values()}
    known = {*then, *now, *request.loaded.files, *request.loaded.customers}
    unknown = sorted(request.names - known)
    hints = ((name, closest(name, known)) for name in unknown)
    sentences = [
        f"There is no tenant or customer '{name}'" + (f"; did you mean '{close}'?" if close else ".")
        for name, close in hints
    ]
    if sentences:
        raise StoppedError("\n".join([*sentences, "No statement was made."]))


def _group(months: Sequence[TenantMonth], terms: Mapping[str, TenantTerms]) -> Iterator[StatementPlan]:
    """Yield one statement for each customer that wants one for all its tenants, and one for each other tenant."""
    groups: defaultdict[tuple[str, str], list[TenantMonth]] = defaultdict(list)
    for month in months:
        own = terms[month.tenant]
        together = own.customer is not None and own.customer.statement == "together"
        groups[own.tenant.customer_key, "" if together else month.tenant].append(month)
    for (slug, tenant), members in sorted(groups.items()):
        customer = _find_customer(slug, terms[members[0].tenant], members[0].name)
        yield StatementPlan(customer, tenant, tuple(members))


def _find_customer(slug: str, terms: TenantTerms, name: str) -> BilledCustomer:
    """Return who gets the statement: the customer of a file, or the tenant itself."""
    file = terms.customer
    if file is None:
        return BilledCustomer(slug, name)
    return BilledCustomer(file.customer, file.name, file.statement == "together", file.terms, _list_ids(file))


def _list_ids(customer: Customer) -> dict[str, str]:
    return {name: str(value) for name, value in customer.ids.model_dump().items() if value is not None}


def read_usage(
    request: BillRequest, plans: Sequence[StatementPlan], accounts: Mapping[str, TenantAccount]
) -> tuple[StatementPlan, ...]:
    """Read the usage of all tenants of these statements at once, and return the statements with it."""
    months = tuple(month for plan in plans for month in plan.months)
    gathered = {
        found.month.tenant: found for found in gather_months(request.session, months, accounts, request.listener)
    }
    return tuple(
        replace(
            plan,
            months=tuple(gathered[month.tenant].month for month in plan.months),
            problems=tuple(
                _describe_unavailable(month.tenant, reason)
                for month in plan.months
                if (reason := gathered[month.tenant].reason) is not None
            ),
            is_failed=any(gathered[month.tenant].is_failed for month in plan.months),
        )
        for plan in plans
    )


def note_gone_manifests(request: BillRequest, plan: StatementPlan) -> Iterator[str]:
    """Yield a note on each tenant of a statement whose manifest is gone: nothing says on which day it ended."""
    gone = {month.tenant for month in plan.months} - request.loaded.files.keys()
    yield from (GONE.format(tenant=slug) for slug in sorted(gone))


def _describe_unavailable(tenant: str, reason: str) -> BillingProblem:
    return BillingProblem("not_available", tenant, f"its usage is not available: {reason}")


def draft_statement(request: BillRequest, plan: StatementPlan, corrections: Sequence[DueCorrection]) -> Drafted:
    """Return a rated statement, with the adjustments that wait for it."""
    if plan.problems:
        return Drafted(plan, refuse_statement(plan, *plan.problems))
    slugs = {month.tenant for month in plan.months}
    asked = list_open_adjustments(request.ledger, request.stack, slugs) if request.ledger else ()
    try:
        statement = rate_statement(
            plan.customer,
            plan.months,
            tuple(map(_make_adjustment, asked)),
            tuple(due.correction for due in corrections),
        )
    except RatingError as error:
        return Drafted(plan, refuse_statement(plan, *error.problems))
    result = BilledStatement(
        customer=plan.customer.slug,
        tenant=plan.tenant,
        status="draft",
        statement=statement,
        currency=statement.currency,
        total=statement.total,
        problems=statement.refusals,
    )
    return Drafted(plan, result, statement, asked, tuple(corrections))


def _make_adjustment(asked: AskedAdjustment) -> Adjustment:
    row = asked.asked
    return Adjustment(
        row.tenant, round_half_up(decimal_of(row.amount), row.currency), row.currency, row.reason, row.ref
    )
