"""Usage as lines for a terminal."""

from collections.abc import Iterator, Sequence

from tenantry.operations.usage.values import CategoryUsage, Comparison, Explanation, Fleet, UsageReport
from tenantry.reports.alike import Reason, list_common
from tenantry.reports.usage.as_csv import By
from tenantry.reports.usage.words import (
    explanation_notes,
    money_text,
    notes,
    period_text,
    state_text,
    summary,
)
from tenantry.text.columns import align_columns
from tenantry.text.figures import amount_text, quantity_text
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, keep_spaces, lay_out, sentence

Cells = tuple[str, ...]


def as_text(report: UsageReport, by: By = "tenant", layout: Layout = PLAIN) -> str:
    """Return the report: a row a tenant or a category, reasons below them, and a line that counts."""
    return lay_out(_lines(report, by), layout)


def explanation_as_text(explanation: Explanation, layout: Layout = PLAIN) -> str:
    """Return the explanation: a table for each comparison, then what no log has."""
    return lay_out(_explain_lines(explanation), layout)


def _lines(report: UsageReport, by: By) -> Iterator[Line]:
    yield _heading(f"Usage {period_text(report)}")
    yield Line()
    yield from _by_category(report) if by == "category" else _by_tenant(report)
    if report.fleet is not None:
        yield Line()
        yield from _fleet(report.fleet)
    yield Line()
    for note in notes(report):
        yield sentence(note)
    yield _heading(summary(report))


def _by_tenant(report: UsageReport) -> Iterator[Line]:
    reasons = [Reason(tenant.tenant, tenant.reason) for tenant in report.tenants if tenant.reason is not None]
    common = list_common(reasons)
    passed = {reason for alike in common for reason in alike.reasons}
    rows = [
        (plain(tenant.tenant), money_text(tenant.price, tenant.price_unit), state_text(tenant))
        for tenant in report.tenants
    ]
    lines = _table(("tenant", "price", "categories"), rows, {1})
    yield next(lines, Line())
    for tenant, line in zip(report.tenants, lines, strict=True):
        yield line
        if tenant.reason is not None and Reason(tenant.tenant, tenant.reason) not in passed:
            yield sentence(f"    {plain(tenant.reason)}", "alarm" if tenant.availability == "failed" else "yellow")
        for row in tenant.reconciliation.rows if tenant.reconciliation else ():
            about = f"{plain(row.category)}: " if row.category else ""
            yield sentence(f"    {amount_text(row.amount)}: {about}{plain(row.text)}", "dim")
    failed = {tenant.tenant for tenant in report.tenants if tenant.availability == "failed"}
    for alike in common:
        yield sentence(plain(alike.line), "yellow" if failed.isdisjoint(alike.tenants) else "alarm")


def _by_category(report: UsageReport) -> Iterator[Line]:
    header = ("category", "count", "usage", "unit", "price")
    yield from _table(header, [_category(category) for category in report.categories], {1, 2, 4})


def _category(category: CategoryUsage) -> Cells:
    indent = "  " if category.within else ""
    return (
        f"{indent}{plain(category.category)}",
        quantity_text(category.count),
        quantity_text(category.usage),
        plain(category.usage_unit or ""),
        plain(money_text(category.price, category.price_unit)),
    )


def _fleet(fleet: Fleet) -> Iterator[Line]:
    yield _heading(f"The parent's record with all subaccounts: {money_text(fleet.total, fleet.price_unit)}")
    rows = [
        (amount_text(row.amount), "" if row.accounts is None else str(row.accounts), plain(row.text))
        for row in fleet.rows
    ]
    yield from _table(("amount", "accounts", "what it is"), rows, {0, 1})


def _explain_lines(explanation: Explanation) -> Iterator[Line]:
    yield _heading(f"Logs and usage of {plain(explanation.tenant)}, {period_text(explanation)}")
    for comparison in explanation.comparisons:
        yield Line()
        yield _heading(f"{comparison.log} by {comparison.measure}, in {comparison.unit}")
        yield from _table(("", "records", "quantity", "price"), list(_compare_lines(comparison)), {1, 2, 3})
    effects = [effect for comparison in explanation.comparisons for effect in comparison.effects]
    if explanation.apart:
        yield Line()
        yield _heading("Usage that no log of messages or calls has")
        yield from _table(
            ("", "price"), [(effect.name, amount_text(effect.price)) for effect in explanation.apart], {1}
        )
    yield Line()
    for name, text in {effect.name: effect.text for effect in (*effects, *explanation.apart)}.items():
        yield sentence(f"{name}: {plain(text)}.", "dim")
    for note in explanation_notes(explanation):
        yield sentence(note)


def _compare_lines(comparison: Comparison) -> Iterator[Cells]:
    quantity, price = quantity_text(comparison.log_quantity), amount_text(comparison.log_price)
    yield ("log", str(comparison.log_records), quantity, price)
    for effect in comparison.effects:
        records = "" if effect.records is None else str(effect.records)
        yield (effect.name, records, quantity_text(effect.quantity), amount_text(effect.price))
    rest = (quantity_text(comparison.unexplained_quantity), amount_text(comparison.unexplained_price))
    yield ("unexplained", "", *rest)
    categories = ", ".join(map(plain, comparison.usage_categories)) or "no category was used"
    used = (quantity_text(comparison.usage_quantity), amount_text(comparison.usage_price))
    yield (f"usage: {categories}", "", *used)


def _table(header: Cells, rows: Sequence[Cells], right: set[int]) -> Iterator[Line]:
    """Yield the header and a line for each row."""
    lines = align_columns([header, *rows], right)
    yield keep_spaces(lines[0], "dim")
    yield from map(keep_spaces, lines[1:])


def _heading(text: str) -> Line:
    return Line((Span(text, "bold"),))
