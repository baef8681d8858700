"""Health as lines for a terminal: whoever is not well in full, the others as a number."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from tenantry.operations.health.values import CustomerHealth, FigureState, HealthReport, TenantHealth
from tenantry.reports.alike import NAMED, group_alike
from tenantry.reports.health.words import (
    agreement_text,
    burn_text,
    customer_summary,
    find_unasked,
    objective_remedy,
    objective_text,
    remedies,
    resting_lines,
    summary,
    title_of,
)
from tenantry.text.colour import Style
from tenantry.text.own_names import leave_out_names
from tenantry.text.plain import plain
from tenantry.text.some import first_of
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

MOST = 50
"""So many blocks are shown, each of tenants that have the same; JSON and HTML have all."""
_STYLES: Mapping[FigureState, Style] = {"alarm": "alarm", "attention": "yellow", "unknown": "dim", "good": "green"}


def as_text(report: HealthReport, layout: Layout = PLAIN, *, every: bool = False) -> str:
    """Return the report; `every` shows tenants that are well too."""
    return lay_out(_lines(report, every=every), layout)


def customer_as_text(report: CustomerHealth, layout: Layout = PLAIN) -> str:
    """Return a customer's month."""
    lines = [Line((Span(plain(customer_summary(report)), "bold"),))]
    for account in report.accounts:
        reached = f"{account.reached_percent} % delivered" if account.reached_percent else "no message"
        lines += [
            sentence(f"{plain(account.name)}: {reached}; {plain(agreement_text(account))}"),
            sentence(
                f"  {account.messages} sent, {account.delivered} delivered, {account.undelivered} not delivered, "
                f"{account.by_recipient} for reasons of the recipient's own"
            ),
        ]
        if account.days_known < report.days:
            lines += [sentence(f"  {account.days_known} of {report.days} days are known")]
    return lay_out(lines, layout)


def _lines(report: HealthReport, *, every: bool) -> Iterator[Line]:
    notes = [note for note in (report.incident, report.status_unknown) if note]
    for note in notes:
        yield Line((Span(plain(note), "yellow"),))
    if notes:
        yield Line()
    shown = [tenant for tenant in report.tenants if tenant.resting is None and (every or tenant.state != "good")]
    unasked = find_unasked(report)
    groups = group_alike(shown, lambda tenant: _leave_out_names(report, tenant, unasked))
    for group in groups[:MOST]:
        yield from _block(report, group, unasked)
        yield Line()
    if len(groups) > MOST:
        more = sum(len(group) for group in groups[MOST:])
        yield sentence(f"{more} more; --format json or html has all.")
    for line in resting_lines(report):
        yield sentence(f"resting: {plain(line)}")
    yield from _unasked_lines(report, unasked)
    yield Line((Span(summary(report), "bold"),))


def _unasked_lines(report: HealthReport, unasked: Mapping[str, str]) -> Iterator[Line]:
    labels = {figure.name: figure.label for figure in report.about}
    for name, text in unasked.items():
        yield Line((Span(f"{labels[name]}: {plain(text)}", "dim"),))


def _leave_out_names(
    report: HealthReport, tenant: TenantHealth, unasked: Collection[str]
) -> tuple[str, tuple[str, ...]]:
    """Return what a block says without what is only the tenant's own: tenants that have it alike share the block."""
    texts = (span.text for line in _body(report, tenant, unasked) for span in line.spans)
    return tenant.state, leave_out_names(texts, tenant.tenant)


def _block(report: HealthReport, tenants: Sequence[TenantHealth], unasked: Collection[str]) -> Iterator[Line]:
    first = tenants[0]
    names = first_of([title_of(tenant) for tenant in tenants], NAMED)
    yield Line((Span(f"{first.state}:", _STYLES[first.state]), Span(f" {plain(names)}", "bold")))
    yield from _body(report, first, unasked)


def _body(report: HealthReport, tenant: TenantHealth, unasked: Collection[str]) -> Iterator[Line]:
    for problem in tenant.failed:
        yield Line((Span("failed:", "alarm"), Span(f" {plain(problem)}")), 2)
    for objective in tenant.objectives:
        yield sentence(f"  {objective_text(objective)}")
        for burn in objective.windows:
            if burn.burns or burn.bad:
                yield sentence(f"    {burn_text(burn, objective.name)}")
        if remedy := objective_remedy(report, tenant, objective):
            yield sentence(f"    → {remedy}")
    for title, state, text, remedy in remedies(report, tenant, unasked):
        yield Line((Span(f"{title}: ", _STYLES[state] if state != "good" else None), Span(plain(text))), 2)  # type: ignore[index]
        if remedy:
            yield sentence(f"    → {remedy}")
