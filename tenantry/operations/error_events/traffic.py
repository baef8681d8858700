"""How much tenants sent and received, against which their errors are counted: messages and calls, one call a tenant."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal

from tenantry.model.usage_period import UsagePeriod
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

COUNTED = frozenset({"sms", "mms", "calls"})
"""Categories of Twilio that hold all messages and calls, in and out, each once."""
IN_FLIGHT = 16
_PERCENT = Decimal("0.01")


@dataclass(frozen=True)
class Sent:
    """Messages and calls of a tenant, or why they could not be read; neither where nobody asked."""

    units: Decimal | None = None
    problem: str | None = None


NOT_READ = Sent()
ReadTraffic = Callable[[Mapping[str, str]], Mapping[str, Sent]]
"""Returns what tenants sent, by slug; is given their accounts by slug."""


def read_traffic(session: Session, period: UsagePeriod, accounts: Mapping[str, str]) -> Mapping[str, Sent]:
    """Read what accounts sent in a period; one that can't be read has a problem instead."""

    def read(account_sid: str) -> Sent:
        try:
            readings = session.usage_records.read_period(account_sid, period)
        except TwilioError as error:
            return Sent(problem=str(error))
        counted = (reading.count for reading in readings if reading.category in COUNTED)
        return Sent(sum((count for count in counted if count is not None), Decimal(0)))

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        return dict(zip(accounts, pool.map(read, accounts.values()), strict=True))


def percent_of(errors: int, units: Decimal | None) -> Decimal | None:
    """Return errors in percent of units, to two places; None where nothing was sent, or nobody knows."""
    return (Decimal(errors) * 100 / units).quantize(_PERCENT) if units else None
