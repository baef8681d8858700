"""Health as a page: the one that the person on call opens; and a customer's month."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import partial

from tenantry.operations.health.values import CustomerHealth, HealthReport, ObjectiveReport, TenantHealth
from tenantry.reports.health.words import (
    agreement_text,
    burn_text,
    customer_summary,
    find_unasked,
    objective_remedy,
    objective_text,
    remedies,
    summary,
    title_of,
)
from tenantry.reports.heat_map import MOST, HeatCell, HeatRow
from tenantry.reports.page import render_page
from tenantry.reports.status.words import moment_text

CLASSES = {"alarm": "alarm", "attention": "warn", "unknown": "muted", "good": "good"}


def as_html(report: HealthReport) -> str:
    """Return the report as one file, without a script and without a request to anybody."""
    shown, unasked = [tenant for tenant in report.tenants if tenant.resting is None], find_unasked(report)
    detailed = _find_detailed(shown)
    about = [figure for figure in report.about if figure.name not in unasked]
    return render_page(
        "health.html",
        FILTERS,
        report=report,
        summary=summary(report),
        shown=shown,
        sections=[tenant for tenant in shown if tenant.tenant in detailed],
        columns=["Objectives", *(figure.label for figure in about)],
        rows=[_row(tenant, unasked, detailed) for tenant in shown[:MOST]],
        unasked=[(figure.label, unasked[figure.name]) for figure in report.about if figure.name in unasked],
        sources=[(figure.label, figure.source) for figure in about],
        advice=partial(objective_remedy, report),
        resting=[tenant for tenant in report.tenants if tenant.resting is not None],
        remedies={tenant.tenant: tuple(remedies(report, tenant, unasked)) for tenant in shown},
        classes=CLASSES,
    )


def _find_detailed(shown: Sequence[TenantHealth]) -> frozenset[str]:
    """Return who has a section of its own: whoever is not well, and with objectives as many of the others as fit."""
    unwell = [tenant for tenant in shown if tenant.state != "good"]
    held = [tenant for tenant in shown if tenant.state == "good" and tenant.objectives]
    return frozenset(tenant.tenant for tenant in (*unwell, *held[: max(0, MOST - len(unwell))]))


def _row(tenant: TenantHealth, unasked: Collection[str], detailed: Collection[str]) -> HeatRow:
    texts = "; ".join(objective_text(objective) for objective in tenant.objectives) or "none"
    is_broken = any(objective.state in ("burning", "missed") for objective in tenant.objectives)
    figures = (HeatCell(figure.state, figure.text) for figure in tenant.figures if figure.name not in unasked)
    cells = (HeatCell("alarm" if is_broken else "good", texts), *figures)
    return HeatRow(tenant.tenant, cells, has_section=tenant.tenant in detailed)


def customer_as_html(report: CustomerHealth) -> str:
    """Return a customer's month as one file."""
    return render_page(
        "customer-health.html", {"agreement": agreement_text}, report=report, summary=customer_summary(report)
    )


def _left_share(objective: ObjectiveReport) -> int:
    """Return what is left of a budget as a whole percent from 0 to 100, for a bar."""
    return max(0, min(100, int(Decimal(objective.left_percent or "100"))))


FILTERS = {
    "moment": moment_text,
    "objective": objective_text,
    "burn": burn_text,
    "title": title_of,
    "left": _left_share,
}
