"""Why the logs of a tenant and its usage differ: Twilio's known reasons, each with what it comes to.

Logs and usage are two books. What the reasons leave over is said as `unexplained`, and where a log has more records
than are read, or figures are missing, nothing is claimed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from tenantry.model.tenant import Tenant
from tenantry.model.usage_period import DAY, UsagePeriod
from tenantry.model.usage_reading import UsageReading, add_exactly
from tenantry.operations.errors import StoppedError
from tenantry.operations.usage.explain_calls import CATEGORIES as CALL_CATEGORIES
from tenantry.operations.usage.explain_calls import compare_calls
from tenantry.operations.usage.explain_messages import CATEGORIES as MESSAGE_CATEGORIES
from tenantry.operations.usage.explain_messages import compare_messages
from tenantry.operations.usage.gather import TenantReadings
from tenantry.operations.usage.report import describe_days, find_earliest_as_of
from tenantry.operations.usage.values import Effect, Explanation, LogName
from tenantry.twilio.log_records import MOST
from tenantry.twilio.session import Session

APART = {
    "carrier_fees": (
        ("sms-messages-carrierfees", "mms-messages-carrierfees"),
        "fees of carriers are categories of their own; the price in a message's log is without them",
    ),
    "numbers": (
        ("phonenumbers",),
        "a number is charged a whole month on its own day of each month, by no message or call",
    ),
    "recordings": (
        ("recordings", "recordingstorage", "transcriptions"),
        "recordings, their storage and transcriptions are no calls, though they belong to one",
    ),
}
"""Usage that no log of messages or calls shows: the categories, and why."""


COMPARED: Mapping[LogName, tuple[str, ...]] = {"messages": MESSAGE_CATEGORIES, "calls": CALL_CATEGORIES}


class ExplainError(StoppedError):
    """Nothing can be explained; the text says why."""


@dataclass(frozen=True)
class Question:
    """What an explanation is about."""

    session: Session
    tenant: TenantReadings
    period: UsagePeriod
    zone: tzinfo
    keep_days: Mapping[LogName, int]
    """How many days the tenant's retention rule keeps messages and calls, by kind; a kind without a rule is not in."""
    now: datetime
    most: int = MOST
    earlier: tuple[UsageReading, ...] = ()
    """What an earlier run read of the same period, once Twilio had counted all of it; empty where nobody kept it."""


def find_kept_days(tenant: Tenant | None) -> Mapping[LogName, int]:
    """Return how many days a tenant's rules keep its messages and calls; what is redacted stays in the log."""
    rules = tenant.retention if tenant else None
    kept: dict[LogName, int] = {}
    if rules and rules.messages and rules.messages.action == "delete":
        kept["messages"] = rules.messages.keep_days
    if rules and rules.calls:
        kept["calls"] = rules.calls.keep_days
    return kept


def explain_usage(question: Question) -> Explanation:
    """Read the logs of a tenant and compare; raises TwilioError, and ExplainError where its usage was not read."""
    tenant, period = question.tenant, question.period
    if tenant.reason is not None or tenant.account.sid is None:
        raise ExplainError(f"The usage of {tenant.account.slug} is not available: {tenant.reason}")
    wide = UsagePeriod(period.first - DAY, period.last + DAY)  # days elsewhere begin up to 14 hours earlier or later
    logs, sid = question.session.log_records, tenant.account.sid
    messages, calls = logs.messages(sid, wide, question.most), logs.calls(sid, wide, question.most)
    return Explanation(
        format=1,
        tenant=tenant.account.slug,
        account_sid=sid,
        period=describe_days(period, question.now),
        time_zone=str(question.zone),
        as_of=find_earliest_as_of(tenant.readings),
        price_unit=next((reading.price_unit for reading in tenant.readings if reading.price_unit), None),
        comparisons=(
            *compare_messages(
                messages, tenant.readings, period, question.zone, _read_deleted(question, "messages"), question.earlier
            ),
            *compare_calls(
                calls, tenant.readings, period, question.zone, _read_deleted(question, "calls"), question.earlier
            ),
        ),
        apart=tuple(_list_apart(tenant.readings)),
    )


def _read_deleted(question: Question, log: LogName) -> tuple[UsageReading, ...]:
    """Return the daily usage of the days whose records the tenant's retention rule deletes before now."""
    keep_days, account = question.keep_days.get(log), question.tenant.account
    if keep_days is None or account.sid is None:
        return ()
    last = min(question.now.date() - DAY * (keep_days + 1), question.period.last)
    if last < question.period.first:
        return ()
    days = UsagePeriod(question.period.first, last)
    records = question.session.usage_records
    used = [reading.category for reading in question.tenant.readings if reading.category in COMPARED[log]]
    return tuple(
        reading for category in used for reading in records.read_days(account.sid, days, category, tenant=account.slug)
    )


def _list_apart(readings: Sequence[UsageReading]) -> list[Effect]:
    by_category = {reading.category: reading for reading in readings}
    effects = []
    for name, (categories, text) in APART.items():
        used = [by_category[category] for category in categories if category in by_category]
        if used:
            prices = [reading.price for reading in used if reading.price is not None]
            price = add_exactly(prices) if len(prices) == len(used) else None
            effects.append(Effect(name=name, records=None, quantity=None, price=price, text=text))
    return effects
