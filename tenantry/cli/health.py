"""`tenantry health`: who of the tenants is not well, whether it is Twilio, and what to do."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from tenantry.cli.incident import STATUS_SECONDS
from tenantry.cli.options import choose_names, only_option, project_option, stack_option, without_state_option
from tenantry.cli.stack import end_on_errors, fail, warn
from tenantry.cli.state import open_with_state
from tenantry.cli.terminal import color_option, count_on_line, layout, tell, tell_lines
from tenantry.cli.traffic import tell_traffic
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.model.tenant import Tenant
from tenantry.model.usage_period import UsagePeriod, read_month
from tenantry.operations.health.customer import CustomerError, customer_of, report_customer, tenants_of
from tenantry.operations.health.gather import CALLS
from tenantry.operations.health.story import (
    HealthRequest,
    Listener,
    Plan,
    TwilioStatus,
    look_at_health,
    make_report,
    misses_clock,
)
from tenantry.operations.health.values import CustomerHealth, HealthReport
from tenantry.operations.stack.about import hint_at_fake
from tenantry.operations.stack.focus import refuse_unknown
from tenantry.operations.status.story import look_at_status
from tenantry.operations.usage.keep import open_for_usage
from tenantry.reports.health.as_html import as_html, customer_as_html
from tenantry.reports.health.as_issues import as_issues
from tenantry.reports.health.as_json import as_json
from tenantry.reports.health.as_text import as_text, customer_as_text
from tenantry.reports.health.rules import grafana_dashboard, prometheus_rules
from tenantry.reports.status.words import incident_line, unknown_line
from tenantry.text.counts import format_count
from tenantry.text.plain import plain
from tenantry.text.some import first_of
from tenantry.text.wrapping import sentence
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.log_records import MOST
from tenantry.twilio.session import Session

UNREAD = "No health was read."
PARTLY = (
    "not all days of the month are known for {}: their messages are gone, or are more than --most {}. The document "
    "says how many are."
)
NAMED = 5
RULES = {"prometheus": prometheus_rules, "grafana": grafana_dashboard}


NO_LEDGER = "--offline shows what the ledger has, and tenantry.yaml names none. Write `ledger` into it, or ask Twilio."


@dataclass(frozen=True)
class _Asked:
    """What a run is about, and in which format it answers."""

    request: HealthRequest
    customer: str | None
    month: UsagePeriod | None
    form: str
    has_names: bool
    folder: Path | None = None
    """Where a file for each incident goes."""


@click.command()
@click.argument("slugs", nargs=-1, metavar="[TENANT]...")
@only_option
@project_option
@stack_option
@click.option(
    "--for",
    "audience",
    type=click.Choice(["us", "customer"]),
    default="us",
    show_default=True,
    help="customer: what one customer may see of a month, and nothing of ours.",
)
@click.option("--month", metavar="YYYY-MM", help="With --for customer: the month, in UTC.")
@click.option("--drift", is_flag=True, help="Look for drift too, with five calls more a tenant.")
@click.option(
    "--offline", is_flag=True, help="Show what the ledger has, and send Twilio no more than a list of accounts."
)
@click.option(
    "--most", type=click.IntRange(1), default=MOST, show_default=True, help="Messages that are read of each tenant."
)
@click.option(
    "--rules",
    type=click.Choice(list(RULES)),
    is_eager=True,
    expose_value=False,
    callback=lambda _context, _option, value: _print_rules(value),
    help="Print alerting rules for Prometheus, or a dashboard for Grafana, of the calls that OpenTelemetry counts.",
)
@click.option(
    "--issues",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a Markdown file for each incident into a folder that is new or empty, for health.yml.",
)
@without_state_option
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@color_option
def health(
    slugs: tuple[str, ...],
    only: tuple[str, ...],
    root: Path,
    stack: str | None,
    audience: str,
    month: str | None,
    most: int,
    folder: Path | None,
    form: str,
    *,
    drift: bool,
    offline: bool,
    without_state: bool,
) -> None:
    """Show how tenants fare: figures, objectives (`slo`), what is left of their budgets. Changes nothing in Twilio.

    Exit 2 where an objective burns or is missed, 1 where a question failed.
    """
    now, names = datetime.now(UTC), choose_names(slugs, only)
    period = _read_month(audience, month, now, is_ours=drift or folder is not None)
    loaded, state = open_with_state(root, stack, without_state=without_state, undone=UNREAD)
    with end_on_errors():
        refuse_unknown(loaded, names)
    if offline and loaded.stack.ledger is None:
        fail(NO_LEDGER)
    _refuse_full_folder(folder)
    request = HealthRequest(loaded, state, frozenset(names) or None, now, most, drift, offline)
    asked = (
        _for_customer(request, names, period, form)
        if period
        else _Asked(request, None, None, form, bool(names), folder)
    )
    with _end_on_failure(request):
        session = Session.from_env(os.environ)
        with open_for_usage(loaded.stack, os.environ) as ledger:
            text, exit_code = _answer(asked, session, ledger)
    tell(text, nl=not text.endswith("\n"))
    tell_traffic(session.traffic)
    raise SystemExit(exit_code)


def _refuse_full_folder(folder: Path | None) -> None:
    if folder is not None and folder.exists() and any(folder.iterdir()):
        fail(f"{folder} holds files already, and an incident that is over would stay. Name a new or empty folder.")


def _print_rules(name: str | None) -> None:
    if name is not None:
        click.echo(RULES[name](), nl=False)
        raise SystemExit(0)


def _read_month(audience: str, month: str | None, now: datetime, *, is_ours: bool) -> UsagePeriod | None:
    if (audience == "customer") != (month is not None):
        raise click.UsageError("--for customer and --month go together: a customer sees whole months.")
    if month is None:
        return None
    if is_ours:
        raise click.UsageError("--drift and --issues are about us, not for a customer; leave them out.")
    try:
        period = read_month(month)
    except ValueError as error:
        raise click.UsageError(f"{error}.") from error
    if not period.has_begun(now):
        raise click.UsageError(f"{month} has not begun: it is {now:%Y-%m-%d %H:%M} UTC.")
    return period


def _for_customer(request: HealthRequest, names: tuple[str, ...], period: UsagePeriod, form: str) -> _Asked:
    try:
        customer = customer_of(request.loaded, names or tuple(request.loaded.tenants))
    except CustomerError as error:
        fail(f"{error}. {UNREAD}")
    slugs = tenants_of(request.loaded, customer)
    return _Asked(replace(request, slugs=slugs, first=period.first), customer, period, form, has_names=True)


@contextmanager
def _end_on_failure(request: HealthRequest) -> Iterator[None]:
    try:
        yield
    except LedgerError as error:
        fail(str(error))
    except TwilioError as error:
        fail(f"{error} {UNREAD}{hint_at_fake(request.state, os.environ)}")


def _answer(asked: _Asked, session: Session, ledger: Ledger | None) -> tuple[str, int]:
    request = asked.request
    with count_on_line("accounts read") as on_account:
        found = look_at_health(request, session, ledger, Listener(_tell_plan, on_account))
    if (differs := misses_clock(session)) is not None:
        warn(f"{differs}, so the time is Twilio's. Set the clock right.")
    if asked.month is None or asked.customer is None:
        report = make_report(request, session, found, _ask_status(request.loaded.tenants, found.now))
        if asked.folder is not None:
            _write_issues(asked.folder, report)
        return render(report, asked.form, every=asked.has_names), report.exit_code
    month = report_customer(request.loaded, asked.customer, found.answers, asked.month, found.now)
    if partly := [account.name for account in month.accounts if account.days_known < month.days]:
        warn(PARTLY.format(plain(first_of(partly, NAMED)), request.most))
    is_failed = any("messages" in answer.facts.unreadable for answer in found.answers)
    return render_customer(month, asked.form), int(is_failed)


def _write_issues(folder: Path, report: HealthReport) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in as_issues(report).items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"Can't write into {folder}: {error.strerror}. Name another folder.")


def _tell_plan(plan: Plan) -> None:
    """Print what it will cost, before the first of these calls."""
    if not plan.calls:
        return
    whom = "one tenant" if plan.tenants == 1 else f"each of {plan.tenants} tenants"
    text = f"Twilio will be asked at least {plan.calls} times: {CALLS} lists for {whom} with an active account"
    rest = f"; the receiver knows the errors of {format_count(plan.received, 'tenant')}, a list less for each"
    tell_lines([sentence(f"{text}{rest if plan.received else ''}.")], err=True)


def _ask_status(tenants: Mapping[str, Tenant], now: datetime) -> TwilioStatus:
    try:
        report = look_at_status(os.environ, tenants, now, STATUS_SECONDS)
    except TwilioError as error:
        return TwilioStatus(unknown=f"Whether Twilio has trouble is not known. {error}")
    return TwilioStatus(incident_line(report), unknown_line(report))


def render(report: HealthReport, form: str, *, every: bool) -> str:
    """Return the report in a format; `every` shows tenants that are well in text too."""
    match form:
        case "json":
            return as_json(report)
        case "html":
            return as_html(report)
        case _:
            return as_text(report, layout(), every=every)


def render_customer(report: CustomerHealth, form: str) -> str:
    """Return a customer's month in a format."""
    match form:
        case "json":
            return as_json(report)
        case "html":
            return customer_as_html(report)
        case _:
            return customer_as_text(report, layout())
