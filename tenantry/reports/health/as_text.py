"""Health as lines for a terminal: whoever is not well in full, the others as a number."""

from collections.abc import Collection, Iterator, Mapping

from tenantry.operations.health.values import CustomerHealth, FigureState, HealthReport, TenantHealth
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
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

MOST = 50
"""So many tenants are shown; JSON and HTML have all."""
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
    for tenant in shown[:MOST]:
        yield from _block(report, tenant, unasked)
        yield Line()
    if len(shown) > MOST:
        yield sentence(f"{len(shown) - MOST} more; --format json or html has all.")
    for line in resting_lines(report):
        yield sentence(f"resting: {plain(line)}")
    yield from _unasked_lines(report, unasked)
    yield Line((Span(summary(report), "bold"),))


def _unasked_lines(report: HealthReport, unasked: Mapping[str, str]) -> Iterator[Line]:
    labels = {figure.name: figure.label for figure in report.about}
    for name, text in unasked.items():
        yield Line((Span(f"{labels[name]}: {plain(text)}", "dim"),))


def _block(report: HealthReport, tenant: TenantHealth, unasked: Collection[str]) -> Iterator[Line]:
    yield Line((Span(f"{tenant.state}:", _STYLES[tenant.state]), Span(f" {plain(title_of(tenant))}", "bold")))
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
