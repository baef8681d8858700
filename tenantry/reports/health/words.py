"""The sentences about health that all formats for people share; names of customers are raw in them."""

from collections.abc import Collection, Iterator, Mapping

from tenantry.operations.health.values import (
    BurnReport,
    CustomerHealth,
    CustomerTenant,
    HealthReport,
    ObjectiveReport,
    TenantHealth,
)
from tenantry.text.counts import format_count
from tenantry.text.some import first_of

SOURCES = {
    "twilio": "from Twilio's lists",
    "twilio_and_ledger": "from the ledger's days and Twilio's lists",
    "ledger": "from the ledger alone",
}
WHAT = {"delivered_percent": "delivered", "errors_percent": "errors at most"}
STATES = {"ok": "kept", "burning": "BURNS", "missed": "MISSED", "unknown": "no traffic"}
FIGURES = {"delivered_percent": "delivered", "errors_percent": "errors"}
"""The figure that says what to do about an objective."""
OPTIONAL = ("trigger_lag", "drift")
"""Figures that are known only where there is a receiver, or where they are asked for."""
BAD = ("attention", "alarm")
NAMED = 5
FEW = "too few to say"
"""Where the budget is overdrawn by so few that it may be chance."""


def summary(report: HealthReport) -> str:
    """Return one line that counts."""
    states = [tenant.state for tenant in report.tenants if tenant.resting is None]
    resting = sum(tenant.resting is not None for tenant in report.tenants)
    parts = [f"{states.count('good')} of {format_count(len(states), 'tenant')} well"]
    parts += [f"{report.burning} with an objective that burns or is missed"] if report.burning else []
    parts += [f"{report.failed} not read whole"] if report.failed else []
    parts += [f"{resting} resting"] if resting else []
    return f"{', '.join(parts)}; {SOURCES[report.source]}."


def title_of(tenant: TenantHealth) -> str:
    """Return a tenant as people call it."""
    return f"{tenant.tenant} ({tenant.name})" if tenant.name else tenant.tenant


def objective_text(objective: ObjectiveReport) -> str:
    """Return how an objective stands: what was reached, and what is left of the budget."""
    is_overdrawn = objective.left_percent is not None and objective.left_percent.startswith("-")
    state = FEW if is_overdrawn and objective.state == "ok" else STATES[objective.state]
    what = f"{objective.percent} % {WHAT[objective.name]}: {state}"
    known = f"{objective.days_known} of {objective.window_days} days"
    if objective.reached_percent is None:
        return f"{what}; {known} known"
    rest = "the budget is overdrawn" if is_overdrawn else f"{objective.left_percent} % of the budget left"
    counts = counts_text(objective.name, objective.bad, objective.total)
    share = f"{objective.reached_percent} %{' reached' if objective.name == 'delivered_percent' else ''}"
    return f"{what}; {share}, {counts} in {known}; {objective.allowed} allowed, {rest}"


def counts_text(name: str, bad: int, total: int) -> str:
    """Return what went wrong, of how much."""
    messages = format_count(total, "message")
    return f"{format_count(bad, 'error')} for {messages}" if name == "errors_percent" else f"{bad} of {messages} failed"


def burn_text(burn: BurnReport, name: str) -> str:
    """Return what a window of an objective says; by counts where there is little traffic."""
    counts = f"{counts_text(name, burn.bad, burn.total)} in {span_text(burn.long_minutes)}"
    line = f"{'burns' if burn.burns else 'calm'} ({burn.severity}): {counts}"
    if burn.is_over:
        return f"{line}, and few in the last {span_text(burn.short_minutes)}: it is over"
    if burn.by_counts or burn.factor is None:
        return line if burn.burns else f"{line}, too few to say"
    return f"{line}, {burn.factor} × the even pace; it burns from {burn.threshold} × on"


def objective_remedy(report: HealthReport, tenant: TenantHealth, objective: ObjectiveReport) -> str | None:
    """Return what to do about an objective that burns or is missed, where no figure says it."""
    name = FIGURES[objective.name]
    is_told = any(figure.name == name and figure.state in BAD for figure in tenant.figures)
    if objective.state not in ("burning", "missed") or is_told:
        return None
    return next((figure.remedy for figure in report.about if figure.name == name), None)


def find_unasked(report: HealthReport) -> Mapping[str, str]:
    """Return the figures that were asked for of no tenant, by name, in words: they are told once."""
    shown = [tenant for tenant in report.tenants if tenant.resting is None]
    found: dict[str, str] = {}
    for name in OPTIONAL:
        figures = [figure for tenant in shown for figure in tenant.figures if figure.name == name]
        if figures and all(figure.state == "unknown" for figure in figures):
            found[name] = figures[0].text
    return found


def resting_lines(report: HealthReport) -> Iterator[str]:
    """Yield who rests, by the reason."""
    reasons: dict[str, list[str]] = {}
    for tenant in report.tenants:
        if tenant.resting is not None:
            reasons.setdefault(tenant.resting, []).append(tenant.tenant)
    for reason, names in reasons.items():
        yield f"{first_of(names, NAMED)}: {reason}"


def span_text(minutes: int) -> str:
    """Return a number of minutes in its largest unit."""
    if minutes % (24 * 60) == 0:
        return format_count(minutes // (24 * 60), "day")
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def remedies(
    report: HealthReport, tenant: TenantHealth, unasked: Collection[str]
) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield the title, state and text of each figure of a tenant, and what to do where it is not good.

    `unasked` are the names of figures to leave out (`find_unasked`, which reads all tenants).
    """
    about = {figure.name: figure for figure in report.about}
    for figure in tenant.figures:
        if figure.name in unasked:
            continue
        remedy = about[figure.name].remedy if figure.state in BAD else None
        yield about[figure.name].label, figure.state, figure.text, remedy


def customer_summary(report: CustomerHealth) -> str:
    """Return the month in a sentence."""
    return f"Messages of {report.customer} from {report.first} to {report.last} ({format_count(report.days, 'day')})."


def agreement_text(account: CustomerTenant) -> str:
    """Return whether what was agreed was kept."""
    if account.agreed_percent is None:
        return "nothing was agreed"
    if account.met is None:
        return f"{account.agreed_percent} % was agreed"
    return f"{account.agreed_percent} % was agreed: {'kept' if account.met else 'not kept'}"
