"""The whole fleet: the parent's record with all its subaccounts against what was read of each account.

Twilio is known to answer for a parent without adding its subaccounts up (twilio-node#635), so that is a row of its own
and never taken for a fleet that used nothing.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal

from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import EXACT, TOTAL, UsageReading, add_exactly, add_known
from tenantry.operations.usage.gather import Gathered
from tenantry.operations.usage.values import Fleet, FleetRow
from tenantry.text.counts import format_count
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.limit import THREADS
from tenantry.twilio.session import Session

MOST_STRANGERS = 100
"""So many accounts that are no tenant's are read, a call each; the others are a row without an amount of their own."""
PARENT = "the parent account's own use"
TENANTS = "tenants whose usage was read"
NO_TENANT = "accounts that are no tenant of this stack"
NOT_ADDED_UP = "Twilio answered for the parent without its subaccounts, though it was asked for them (twilio-node#635)"
UNEXPLAINED = "unexplained: Twilio may have counted on between two answers, or have deleted accounts"
NO_RECORD = "the parent's own record is not available: {}"


@dataclass(frozen=True)
class _Sums:
    """Totals in the parent's currency; None where Twilio told none."""

    whole: Decimal
    parent: Decimal | None
    tenants: Decimal
    strangers: Decimal
    strangers_read: int


def summarise_fleet(session: Session, gathered: Gathered) -> Fleet:
    """Compare the parent's record with the accounts': two calls, and one for each account that is no tenant's."""
    records, period = session.usage_records, gathered.period
    try:
        whole = _find_total(records.read_period(session.parent_sid, period, with_subaccounts=True))
        parent = _find_total(records.read_period(session.parent_sid, period))
    except TwilioError as error:
        row = FleetRow(part="not_available", accounts=None, amount=None, text=NO_RECORD.format(error))
        return Fleet(total=None, price_unit=None, rows=(row,))
    if whole is None or whole.price is None:
        row = FleetRow(part="not_available", accounts=None, amount=None, text=NO_RECORD.format("it has no totalprice"))
        return Fleet(total=None, price_unit=None, rows=(row,))
    strangers = _read_strangers(session, gathered.accounts.strangers, period)
    unit = whole.price_unit
    totals = [total for tenant in gathered.tenants if (total := _find_total(tenant.readings)) is not None]
    sums = _Sums(
        whole=whole.price,
        parent=parent.price if parent else None,
        tenants=_sum(totals, unit),
        strangers=_sum(strangers, unit),
        strangers_read=len(strangers),
    )
    foreign = sum(total.price_unit != unit for total in (*totals, *strangers))
    return Fleet(total=whole.price, price_unit=unit, rows=tuple(_list_rows(gathered, sums, foreign)))


def _list_rows(gathered: Gathered, sums: _Sums, foreign: int) -> Iterator[FleetRow]:
    missing = [tenant for tenant in gathered.tenants if not tenant.is_read and tenant.account.sid is not None]
    unread = len(gathered.accounts.strangers) - sums.strangers_read
    read = sum(tenant.is_read for tenant in gathered.tenants)
    yield FleetRow(part="parent", accounts=1, amount=sums.parent, text=PARENT)
    yield FleetRow(part="tenants", accounts=read, amount=sums.tenants, text=TENANTS)
    if gathered.accounts.strangers:
        yield FleetRow(part="no_tenant", accounts=sums.strangers_read, amount=sums.strangers, text=NO_TENANT)
    if foreign:
        text = "accounts with prices in another currency than the parent's, which can't be added"
        yield FleetRow(part="other_currency", accounts=foreign, amount=None, text=text)
    known = add_known((sums.parent, sums.tenants, sums.strangers)) or Decimal(0)
    rest = EXACT.subtract(sums.whole, known)
    below = EXACT.add(sums.tenants, sums.strangers)
    if sums.parent is not None and sums.whole == sums.parent and below:
        yield FleetRow(part="not_added_up", accounts=None, amount=rest, text=NOT_ADDED_UP)
    elif missing or unread:
        parts = [format_count(len(missing), "tenant")] if missing else []
        parts += [f"{format_count(unread, 'account')} of no tenant"] if unread else []
        text = f"not available: {' and '.join(parts)}; the amount is what is left, which they may have used"
        yield FleetRow(part="not_available", accounts=len(missing) + unread, amount=rest, text=text)
    elif rest:
        yield FleetRow(part="unexplained", accounts=None, amount=rest, text=UNEXPLAINED)


def _read_strangers(session: Session, accounts: Sequence[LiveAccount], period: UsagePeriod) -> tuple[UsageReading, ...]:
    """Return the totals of accounts that are no tenant's, of those that can be read."""

    def read(account: LiveAccount) -> UsageReading | None:
        try:
            return _find_total(session.usage_records.read_period(account.sid, period))
        except TwilioError:
            return None

    with ThreadPoolExecutor(THREADS) as pool:
        return tuple(total for total in pool.map(read, accounts[:MOST_STRANGERS]) if total is not None)


def _find_total(readings: Sequence[UsageReading]) -> UsageReading | None:
    return next((reading for reading in readings if reading.category == TOTAL), None)


def _sum(totals: Sequence[UsageReading], unit: str | None) -> Decimal:
    return add_exactly(total.price for total in totals if total.price is not None and total.price_unit == unit)
