"""What tenants are billed from in a month: terms, usage of exactly the billed days, suspensions and credits."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from tenantry.ledger.connection import Ledger
from tenantry.ledger.credits import Lot as BoughtLot
from tenantry.ledger.credits import list_lots, sum_used_units
from tenantry.ledger.suspensions import every_suspension
from tenantry.ledger.values import StackRef
from tenantry.model.charge import Credits
from tenantry.model.money import decimal_of
from tenantry.model.suspension import Suspended
from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import UsageReading
from tenantry.operations.billing.in_force import TenantTerms
from tenantry.operations.billing.rating.parts import find_billed_days, split_month
from tenantry.operations.billing.rating.values.inputs import Lot, MonthUsage, TenantMonth
from tenantry.operations.billing.rating.values.problems import RatingError
from tenantry.operations.usage.accounts import TenantAccount
from tenantry.operations.usage.gather import TenantReadings, read_tenant
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.limit import THREADS
from tenantry.twilio.session import Session

Listener = Callable[[int], None]
NO_ACCOUNT = (
    "nothing says which account it has, as its manifest is gone and so is its state. Put the manifest back, as it was "
    "in {commit}, with `account: {{adopt: AC…}}`, with `billed_until` if it ended within the month, and with `state: "
    "released` if the account is no longer yours to change; merge that, and run again"
)


@dataclass(frozen=True)
class GatheredMonth:
    """One tenant's month, and why its usage is not available, if it is not."""

    month: TenantMonth
    reason: str | None = None
    is_failed: bool = False
    """Whether the question failed, so that asking again may help."""


@dataclass(frozen=True)
class Facts:
    """What a ledger knows of a stack's tenants: suspensions and credits, by slug."""

    suspensions: Mapping[str, tuple[Suspended, ...]]
    lots: Mapping[str, tuple[Lot, ...]]


NO_FACTS = Facts({}, {})


def read_facts(ledger: Ledger, stack: StackRef, period: UsagePeriod) -> Facts:
    """Return suspensions, and each lot with the units that other months left of it.

    A month that is closed anew comes after those behind it: what they used of a lot is gone.
    """
    before, ever = sum_used_units(ledger, stack, before=f"{period.first:%Y-%m}"), sum_used_units(ledger, stack)
    lots: defaultdict[str, list[Lot]] = defaultdict(list)
    for bought in list_lots(ledger, stack):
        used = max(found.get(bought.id, Decimal(0)) for found in (before, ever))
        lots[bought.purchase.tenant].append(_make_lot(bought, used))
    suspensions: defaultdict[str, list[Suspended]] = defaultdict(list)
    for held in every_suspension(ledger, stack.parent):
        suspensions[held.tenant].append(held.span)
    return Facts(
        {slug: tuple(rows) for slug, rows in suspensions.items()}, {slug: tuple(rows) for slug, rows in lots.items()}
    )


def plan_month(
    slug: str, terms: TenantTerms, period: UsagePeriod, account: TenantAccount | None, facts: Facts
) -> TenantMonth | None:
    """Return a tenant's month without its usage; None where no day of it is billed."""
    month = TenantMonth(
        tenant=slug,
        name=terms.tenant.name,
        period=period,
        terms=terms.terms,
        usage=None,
        billed_from=find_first_billed_day(terms, period, account.created if account else None),
        billed_until=terms.billed_until,
        suspensions=facts.suspensions.get(slug, ()),
        lots=tuple(lot for lot in facts.lots.get(slug, ()) if lot.first_day <= period.last),
        account_sid=(account.sid if account else None) or "",
        commit=terms.commit.id,
    )
    try:
        find_billed_days(month)
    except RatingError:
        return None
    return month


def find_first_billed_day(terms: TenantTerms, period: UsagePeriod, created: datetime | None) -> date | None:
    """Return the first day that is billed; None where that is before the month.

    Without `billed_from` it is the account's day; for an account older than the first terms, the first of their month.
    """
    if terms.billed_from is not None:
        return terms.billed_from
    if created is not None and created >= period.begin:
        return created.date()
    return period.first if terms.began else None


def gather_months(
    session: Session, months: Sequence[TenantMonth], accounts: Mapping[str, TenantAccount], listener: Listener
) -> tuple[GatheredMonth, ...]:
    """Read the usage of each month's billed days, one call a tenant, and by day where its terms need that."""
    gathered: list[GatheredMonth] = []
    pool = ThreadPoolExecutor(THREADS)
    try:
        for found in pool.map(lambda month: gather_month(session, month, accounts.get(month.tenant)), months):
            gathered.append(found)
            listener(len(gathered))
    finally:
        pool.shutdown(cancel_futures=True)  # or Ctrl-C would wait for a thousand tenants
    return tuple(gathered)


def gather_month(session: Session, month: TenantMonth, account: TenantAccount | None) -> GatheredMonth:
    """Read one tenant's usage."""
    if account is None:
        return GatheredMonth(month, NO_ACCOUNT.format(commit=month.commit[:12], tenant=month.tenant))
    days = find_billed_days(month)
    whole = read_tenant(session, account, days)
    if not whole.is_read:
        return GatheredMonth(month, whole.reason, whole.is_failed)
    try:
        daily = tuple(_read_days(session, month, whole, days))
    except TwilioError as error:
        return GatheredMonth(month, str(error), is_failed=True)
    return GatheredMonth(replace(month, usage=MonthUsage(whole.readings, daily), account_sid=account.sid or ""))


def _read_days(
    session: Session, month: TenantMonth, whole: TenantReadings, days: UsagePeriod
) -> Iterable[UsageReading]:
    if not needs_days(month):
        return
    for category in sorted({reading.category for reading in whole.readings}):
        sid = whole.account.sid or ""
        yield from session.usage_records.read_days(sid, days, category, tenant=month.tenant)


def needs_days(month: TenantMonth) -> bool:
    """Return whether a charge needs usage by day: terms that change in the month, and credits."""
    parts = split_month(month)
    return len(parts) > 1 or any(
        isinstance(charge, Credits) for part in parts for charge in part.terms.charges.values()
    )


def _make_lot(bought: BoughtLot, used: Decimal) -> Lot:
    purchase = bought.purchase
    return Lot(
        id=bought.id,
        charge=purchase.charge,
        pack=purchase.pack,
        credits=purchase.credits,
        units=purchase.units,
        price=decimal_of(purchase.price),
        currency=purchase.currency,
        first_day=purchase.first_day,
        last_day=purchase.last_day,
        ref=purchase.ref,
        units_left=purchase.units - used,
    )
