"""Usage as a page."""

from decimal import Decimal

from tenantry.operations.usage.values import Explanation, TenantUsage, UsageReport
from tenantry.reports.page import render_page
from tenantry.reports.usage.as_csv import By
from tenantry.reports.usage.words import (
    explanation_notes,
    moment_text,
    money_text,
    notes,
    period_text,
    state_text,
    summary,
    totals_of,
)

FILTERS = {"moment": moment_text, "money": money_text, "state": state_text}


def as_html(report: UsageReport, by: By = "tenant") -> str:
    """Return the report as one file, without a script and without a request to anybody."""
    return render_page(
        "usage.html",
        {**FILTERS, "state_class": _state_class},
        report=report,
        by=by,
        period=period_text(report),
        summary=summary(report),
        warnings=tuple(notes(report))[:-1],
        shares=_shares(report),
    )


def explanation_as_html(explanation: Explanation) -> str:
    """Return the explanation as one file."""
    return render_page(
        "explanation.html",
        FILTERS,
        explanation=explanation,
        period=period_text(explanation),
        warnings=tuple(explanation_notes(explanation)),
    )


def _shares(report: UsageReport) -> dict[str, int | None]:
    """Return what percent of the total of its currency each tenant has, by slug; None where that is no share."""
    totals = totals_of(report)
    return {tenant.tenant: _percent(tenant.price, totals.get(tenant.price_unit or "")) for tenant in report.tenants}


def _percent(part: Decimal | None, whole: Decimal | None) -> int | None:
    if part is None or whole is None or part < 0 or whole <= 0:
        return None
    return min(100, int(part * 100 / whole))


def _state_class(tenant: TenantUsage) -> str:
    if tenant.availability != "read":
        return "alarm" if tenant.availability == "failed" else "warn"
    return "good" if tenant.reconciliation and not tenant.reconciliation.rows else "warn"
