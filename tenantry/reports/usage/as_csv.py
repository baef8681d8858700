"""Usage as CSV (RFC 4180): a row for each category of each tenant, or for each category alone."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal

from tenantry.model.usage_reading import TOTAL
from tenantry.operations.usage.values import CategoryUsage, Comparison, Effect, Explanation, TenantUsage, UsageReport
from tenantry.text.csv_cell import safe_cell, write_csv

By = Literal["tenant", "category"]
OF_CATEGORY = ("category", "within", "count", "count_unit", "usage", "usage_unit", "price", "price_unit")
COLUMNS = (
    "tenant",
    "name",
    "account_sid",
    "status",
    "availability",
    "reason",
    "first_day",
    "last_day",
    "as_of",
    *OF_CATEGORY,
)
"""New columns are added behind these."""
EXPLAINED = ("tenant", "log", "measure", "unit", "name", "records", "quantity", "price", "price_unit", "text")


def as_csv(report: UsageReport, by: By = "tenant") -> str:
    """Return a header and rows. A figure that is not available is an empty cell; a tenant without any has one row."""
    if by == "category":
        return write_csv(OF_CATEGORY, map(_of_category, report.categories))
    return write_csv(COLUMNS, _rows(report))


def explanation_as_csv(explanation: Explanation) -> str:
    """Return a row for the log, each effect, what is unexplained and the usage of each comparison."""
    return write_csv(EXPLAINED, _explain_rows(explanation))


def _rows(report: UsageReport) -> Iterator[Mapping[str, str]]:
    days = {"first_day": report.period.first.isoformat(), "last_day": report.period.last.isoformat()}
    for tenant in report.tenants:
        common = {**_of_tenant(tenant), **days}
        if tenant.availability != "read":
            yield common
            continue
        for category in tenant.categories:
            yield {**common, **_of_category(category)}
        total = {"category": TOTAL, "price": _figure(tenant.price), "price_unit": tenant.price_unit or ""}
        yield {**common, **total}


def _of_tenant(tenant: TenantUsage) -> Mapping[str, str]:
    return {
        "tenant": tenant.tenant,
        "name": safe_cell(tenant.name or ""),
        "account_sid": tenant.account_sid or "",
        "status": safe_cell(tenant.status or ""),
        "availability": tenant.availability,
        "reason": safe_cell(tenant.reason or ""),
        "as_of": tenant.as_of.isoformat() if tenant.as_of else "",
    }


def _of_category(category: CategoryUsage) -> Mapping[str, str]:
    return {
        "category": safe_cell(category.category),
        "within": safe_cell(category.within or ""),
        "count": _figure(category.count),
        "count_unit": safe_cell(category.count_unit or ""),
        "usage": _figure(category.usage),
        "usage_unit": safe_cell(category.usage_unit or ""),
        "price": _figure(category.price),
        "price_unit": safe_cell(category.price_unit or ""),
    }


def _explain_rows(explanation: Explanation) -> Iterator[Mapping[str, str]]:
    common = {"tenant": explanation.tenant, "price_unit": safe_cell(explanation.price_unit or "")}
    for comparison in explanation.comparisons:
        about = {**common, "log": comparison.log, "measure": comparison.measure, "unit": comparison.unit}
        yield from ({**about, **row} for row in _compare_rows(comparison))
    yield from ({**common, **_effect(effect)} for effect in explanation.apart)


def _compare_rows(comparison: Comparison) -> Iterator[Mapping[str, str]]:
    log = Effect(
        name="log",
        records=comparison.log_records,
        quantity=comparison.log_quantity,
        price=comparison.log_price,
        text="" if comparison.is_whole else "the log has more records than were read",
    )
    yield _effect(log)
    yield from map(_effect, comparison.effects)
    for name, quantity, price in (
        ("unexplained", comparison.unexplained_quantity, comparison.unexplained_price),
        ("usage", comparison.usage_quantity, comparison.usage_price),
    ):
        yield {"name": name, "quantity": _figure(quantity), "price": _figure(price)}


def _effect(effect: Effect) -> Mapping[str, str]:
    return {
        "name": effect.name,
        "records": "" if effect.records is None else str(effect.records),
        "quantity": _figure(effect.quantity),
        "price": _figure(effect.price),
        "text": safe_cell(effect.text),
    }


def _figure(figure: Decimal | None) -> str:
    """Return a figure of ours, which no formula can hide in: a minus before it is a correction."""
    return "" if figure is None else f"{figure:f}"
