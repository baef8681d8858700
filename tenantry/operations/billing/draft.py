"""Drafting the statements of a month: who gets one, from which usage, and what it comes to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tenantry.ledger.adjustments import Adjustment as AskedAdjustment
from tenantry.ledger.adjustments import open_adjustments
from tenantry.model.money import decimal_of
from tenantry.model.terms import Customer
from tenantry.operations.billing.bill import BilledStatement, BillRequest, StatementPlan, refuse_statement
from tenantry.operations.billing.due_corrections import DueCorrection
from tenantry.operations.billing.in_force import TenantTerms, TermsInForce, read_terms
from tenantry.operations.billing.inputs import Adjustment, BilledCustomer, TenantMonth
from tenantry.operations.billing.internal_statement import InternalStatement
from tenantry.operations.billing.months import NO_FACTS, GatheredMonth, gather_months, plan_month, read_facts
from tenantry.operations.billing.problems import BillingProblem, RatingError
from tenantry.operations.billing.rating import rate_statement
from tenantry.operations.usage.accounts import FleetAccounts, find_accounts

DEFAULT_BRANCH = "main"


@dataclass(frozen=True)
class Planned:
    """The statements of a month before they are rated, and what is on none."""

    plans: tuple[StatementPlan, ...]
    left_out: tuple[BillingProblem, ...]
    accounts: FleetAccounts
    terms: TermsInForce


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
        return tuple(map(_adjustment, self.adjustments))


def plan_statements(request: BillRequest) -> Planned:
    """Read terms, accounts and usage, and return who gets a statement; raises GitError, TwilioError, LedgerError."""
    branch = request.settings.branch if request.settings else DEFAULT_BRANCH
    terms = read_terms(request.root, request.loaded.stack.name, request.period, branch)
    accounts = find_accounts(request.loaded, request.state, request.session, None)
    facts = read_facts(request.ledger, request.stack, request.period) if request.ledger else NO_FACTS
    by_slug = {account.slug: account for account in accounts.chosen}
    months: list[TenantMonth] = []
    for slug, found in terms.tenants.items():
        month = plan_month(slug, found, request.period, by_slug.get(slug), facts)
        if month is not None and _is_wanted(request, slug, found.tenant.customer_key):
            months.append(month)
    gathered = gather_months(request.session, months, by_slug, request.listener)
    left_out = tuple(problem for problem in terms.problems if _is_wanted(request, problem.tenant, problem.tenant))
    return Planned(tuple(_group(gathered, terms.tenants)), left_out, accounts, terms)


def _is_wanted(request: BillRequest, tenant: str, customer: str) -> bool:
    return not request.names or bool({tenant, customer} & request.names)


def _group(gathered: Iterable[GatheredMonth], terms: Mapping[str, TenantTerms]) -> Iterator[StatementPlan]:
    """Yield one statement for each customer that wants one for all its tenants, and one for each other tenant."""
    groups: defaultdict[tuple[str, str], list[GatheredMonth]] = defaultdict(list)
    for found in gathered:
        own = terms[found.month.tenant]
        together = own.customer is not None and own.customer.statement == "together"
        groups[own.tenant.customer_key, "" if together else found.month.tenant].append(found)
    for (slug, tenant), members in sorted(groups.items()):
        customer = billed_customer(slug, terms[members[0].month.tenant], members[0].month.name)
        problems = tuple(
            BillingProblem("not_available", member.month.tenant, f"its usage is not available: {member.reason}")
            for member in members
            if member.reason is not None
        )
        yield StatementPlan(
            customer, tenant, tuple(member.month for member in members), problems, any(m.is_failed for m in members)
        )


def billed_customer(slug: str, terms: TenantTerms, name: str) -> BilledCustomer:
    """Return who gets the statement: the customer of a file, or the tenant itself."""
    file = terms.customer
    if file is None:
        return BilledCustomer(slug, name)
    return BilledCustomer(file.customer, file.name, file.statement == "together", file.terms, _ids_of(file))


def _ids_of(customer: Customer) -> dict[str, str]:
    return {name: str(value) for name, value in customer.ids.model_dump().items() if value is not None}


def draft_statement(request: BillRequest, plan: StatementPlan, corrections: Sequence[DueCorrection]) -> Drafted:
    """Return a rated statement, with the adjustments that wait for it."""
    if plan.problems:
        return Drafted(plan, refuse_statement(plan, *plan.problems))
    slugs = {month.tenant for month in plan.months}
    asked = open_adjustments(request.ledger, request.stack, slugs) if request.ledger else ()
    try:
        statement = rate_statement(
            plan.customer, plan.months, tuple(map(_adjustment, asked)), tuple(due.correction for due in corrections)
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


def _adjustment(asked: AskedAdjustment) -> Adjustment:
    row = asked.asked
    return Adjustment(row.tenant, decimal_of(row.amount).normalize() + 0, row.currency, row.reason, row.ref)
