"""The sentences about health that all formats for people share; names of customers are raw in them."""

from collections.abc import Iterator

from tenantry.operations.health.values import (
    BurnReport,
    CustomerHealth,
    CustomerTenant,
    HealthReport,
    ObjectiveReport,
    TenantHealth,
)
from tenantry.text.counts import format_count

SOURCES = {
    "twilio": "from Twilio's lists",
    "twilio_and_ledger": "from the ledger's days and Twilio's lists",
    "ledger": "from the ledger alone",
}
WHAT = {"delivered_percent": "delivered", "errors_percent": "errors at most"}
STATES = {"ok": "kept", "burning": "BURNS", "missed": "MISSED", "unknown": "no traffic"}

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
    if objective.reached_percent is None:
        return f"{what}; {objective.days_known} of {objective.window_days} days known"
    rest = "the budget is overdrawn" if is_overdrawn else f"{objective.left_percent} % of the budget left"
    return (
        f"{what}; {objective.reached_percent} % of {objective.total} messages in {objective.days_known} of "
        f"{objective.window_days} days; {objective.bad} bad, {objective.allowed} allowed, {rest}"
    )


def burn_text(burn: BurnReport) -> str:
    """Return what a window of an objective says; by counts where there is little traffic."""
    span = span_text(burn.long_minutes)
    counts = f"{burn.bad} bad of {burn.total} in {span}"
    verdict = "burns" if burn.burns else "is calm"
    if burn.by_counts or burn.factor is None:
        return f"{burn.severity}: {verdict}, {counts}"
    return f"{burn.severity}: {verdict}, {burn.factor} × the even pace in {span} (from {burn.threshold} ×), {counts}"


def span_text(minutes: int) -> str:
    """Return a number of minutes in its largest unit."""
    if minutes % (24 * 60) == 0:
        return format_count(minutes // (24 * 60), "day")
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def remedies(report: HealthReport, tenant: TenantHealth) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield the title, state and text of each figure of a tenant, and what to do where it is not good."""
    about = {figure.name: figure for figure in report.about}
    for figure in tenant.figures:
        remedy = about[figure.name].remedy if figure.state in ("attention", "alarm") else None
        yield about[figure.name].label, figure.state, figure.text, remedy


def customer_summary(report: CustomerHealth) -> str:
    """Return the month in a sentence."""
    return (
        f"{report.customer}: messages from {report.first} to {report.last}, {format_count(report.days, 'day')} of it."
    )


def agreement_text(account: CustomerTenant) -> str:
    """Return whether what was agreed was kept."""
    if account.agreed_percent is None:
        return "nothing was agreed"
    if account.met is None:
        return f"agreed {account.agreed_percent} %; no message"
    return f"agreed {account.agreed_percent} %: {'kept' if account.met else 'not kept'}"
