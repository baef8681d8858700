"""Sentences about usage that several formats share."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from tenantry.model.usage_reading import add_exactly
from tenantry.operations.usage.values import Explanation, TenantUsage, UsageReport
from tenantry.reports.alike import NAMED
from tenantry.text.counts import format_count
from tenantry.text.figures import UNKNOWN, amount_text
from tenantry.text.some import first_of

GROWING = "The period is not over: figures will grow."
INCOMPLETE = "Twilio had not counted up to the end of the period when it was asked: figures may still change."
CUT = "The log of {log} has more records than were read ({read}); what is unexplained is not said. Ask for fewer days."


def period_text(report: UsageReport | Explanation) -> str:
    """Return the days: `2026-03-01 to 2026-03-31 (UTC, both days included)`."""
    return f"{report.period.first} to {report.period.last} (UTC, both days included)"


def moment_text(moment: datetime | None) -> str:
    """Return a moment of Twilio's, to the minute."""
    return UNKNOWN if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def money_text(amount: Decimal | None, unit: str | None) -> str:
    """Return an amount with its currency; one that is missing has none."""
    return amount_text(amount) if amount is None or unit is None else f"{amount_text(amount)} {unit}"


def state_text(tenant: TenantUsage) -> str:
    """Return in a word how a tenant's total stands against its categories; empty where there is none."""
    if tenant.availability != "read":
        return ""
    if tenant.reconciliation is None:
        return "no total"
    difference = tenant.reconciliation.difference
    if not difference and not tenant.reconciliation.rows:
        return "reconciled"
    return f"{amount_text(difference)} explained below"


def totals_of(report: UsageReport) -> dict[str, Decimal]:
    """Return the total of the tenants that were read, by currency."""
    units = sorted({tenant.price_unit or "" for tenant in report.tenants if tenant.price is not None})
    return {
        unit: add_exactly(
            tenant.price for tenant in report.tenants if tenant.price is not None and (tenant.price_unit or "") == unit
        )
        for unit in units
    }


def summary(report: UsageReport) -> str:
    """Return the counts and the total in a sentence."""
    totals = " and ".join(money_text(amount, unit or None) for unit, amount in totals_of(report).items())
    read = len(report.tenants) - report.not_available - report.failed
    parts = [f"{format_count(read, 'tenant')} read{f', {totals}' if totals else ''}"]
    if report.not_available:
        parts.append(f"{report.not_available} {UNKNOWN}")
    if report.failed:
        parts.append(f"{report.failed} could not be read: run again")
    return f"{'; '.join(parts)}."


def notes(report: UsageReport) -> Iterator[str]:
    """Yield what a reader must know before they trust the figures."""
    if not report.period.is_over:
        yield GROWING
    elif not report.is_complete:
        yield INCOMPLETE
    yield f"Twilio's figures as of {moment_text(report.as_of)}."


def explanation_notes(explanation: Explanation) -> Iterator[str]:
    """Yield the same of an explanation."""
    if not explanation.period.is_over:
        yield GROWING
    for comparison in explanation.comparisons:
        if not comparison.is_whole and comparison.measure == "count":
            yield CUT.format(log=comparison.log, read=comparison.log_records)
    yield f"Usage as of {moment_text(explanation.as_of)}. Days of the logs are those of {explanation.time_zone}."


def too_fine_text(tenants: Sequence[str]) -> str:
    """Return that the usage of tenants is not in the ledger, which would have to round it."""
    usage = "its usage" if len(tenants) == 1 else "their usage"
    return f"{first_of(tenants, NAMED)}: a price is finer than a billionth, so {usage} is not kept in the ledger."
