"""`tenantry usage`: what tenants used in a period, reconciled, or why logs and usage of one of them differ."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from tenantry.cli.messages import tell_traffic
from tenantry.cli.options import only_option, project_option, split, stack_option
from tenantry.cli.stack import end_on_errors, fail, warn
from tenantry.cli.state import State, count_accounts, open_with_state
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.manifest.load import Loaded
from tenantry.model.usage_period import UsagePeriod, last_whole_month, read_month
from tenantry.operations.stack.about import hint_at_fake
from tenantry.operations.stack.focus import refuse_unknown
from tenantry.operations.usage.explain import ExplainError, Question, explain_usage, kept_days
from tenantry.operations.usage.fleet import summarise_fleet
from tenantry.operations.usage.gather import Gathered, PeriodError, gather_usage, refuse_future
from tenantry.operations.usage.keep import earlier_readings, keep_readings, open_for_usage
from tenantry.operations.usage.report import report_usage
from tenantry.operations.usage.values import Explanation, UsageReport
from tenantry.reports.usage.as_csv import By, as_csv, explanation_as_csv
from tenantry.reports.usage.as_html import as_html, explanation_as_html
from tenantry.reports.usage.as_json import as_json
from tenantry.reports.usage.as_text import as_text, explanation_as_text
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

DAY = click.DateTime(["%Y-%m-%d"])


@dataclass(frozen=True)
class _Asked:
    """What a run is about: the project as its stack sees it, the state, the tenants (None is all), the days."""

    loaded: Loaded
    state: State
    slugs: frozenset[str] | None
    period: UsagePeriod
    now: datetime


@dataclass(frozen=True)
class _Run:
    """A run with its session, and its ledger where the stack has one."""

    asked: _Asked
    session: Session
    ledger: Ledger | None


@click.command()
@click.argument("slugs", nargs=-1, metavar="[TENANT]...")
@only_option
@project_option
@stack_option
@click.option("--month", metavar="YYYY-MM", help="A month, in UTC.  [default: the last whole one]")
@click.option("--from", "first", type=DAY, metavar="DAY", help="First day, in UTC.")
@click.option("--to", "last", type=DAY, metavar="DAY", help="Last day, in UTC; it is included.")
@click.option(
    "--by", type=click.Choice(["tenant", "category"]), default="tenant", show_default=True, help="A row for each."
)
@click.option("--explain", "explained", metavar="TENANT", help="Explain why this tenant's logs and usage differ.")
@click.option(
    "--time-zone", metavar="ZONE", default="UTC", show_default=True, help="With --explain: of the logs' days."
)
@click.option("--without-state", is_flag=True, help="Read no state: look accounts up by name.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv", "html"]), default="text", show_default=True)
@color_option
def usage(
    slugs: tuple[str, ...],
    only: tuple[str, ...],
    root: Path,
    stack: str | None,
    month: str | None,
    first: datetime | None,
    last: datetime | None,
    by: By,
    explained: str | None,
    time_zone: str,
    form: str,
    *,
    without_state: bool,
) -> None:
    """Show what tenants used, as Twilio's usage records have it, to the last digit. Changes nothing in Twilio.

    Exit 2 where the usage of a tenant is not available, 1 where it was asked for in vain.
    """
    now = datetime.now(UTC)
    names = _names(slugs, only, explained)
    period, zone = _period(month, first, last, now), _zone(time_zone)
    loaded, state = open_with_state(root, stack, without_state=without_state, undone="No usage was read.")
    with end_on_errors():
        refuse_unknown(loaded, names)
    asked = _Asked(loaded, state, frozenset(names) or None, period, now)
    try:
        session = Session.from_env(os.environ)
        with open_for_usage(loaded.stack, os.environ) as ledger:
            run = _Run(asked, session, ledger)
            text, exit_code = _explanation_text(run, zone, form) if explained else _report_text(run, by, form)
    except LedgerError as error:
        fail(str(error))
    except TwilioError as error:
        fail(f"{error} No usage was read.{hint_at_fake(state, os.environ)}")
    except ExplainError as error:
        fail(str(error))
    tell(text, nl=not text.endswith("\n"))
    tell_traffic(session.traffic)
    raise SystemExit(exit_code)


def _names(slugs: tuple[str, ...], only: tuple[str, ...], explained: str | None) -> tuple[str, ...]:
    named = split(slugs)
    if slugs and not named:
        raise click.UsageError("No tenant is named; leave the argument out, which means all of them.")
    if explained is None:
        return tuple(dict.fromkeys((*named, *only)))
    if named or only:
        raise click.UsageError("--explain is about one tenant; name no others.")
    return (explained,)


def _period(month: str | None, first: datetime | None, last: datetime | None, now: datetime) -> UsagePeriod:
    """Return the days that are asked for; ends the command where they are none, or have not begun."""
    if month is not None and (first or last):
        raise click.UsageError("Give --month, or --from and --to, not both.")
    if (first is None) != (last is None):
        raise click.UsageError("--from and --to go together: whole days of UTC, both included.")
    try:
        if first is not None and last is not None:
            period = UsagePeriod(first.date(), last.date())
        else:
            period = read_month(month) if month is not None else last_whole_month(now)
        refuse_future(period, now)
    except PeriodError as error:
        fail(f"{error}. Nothing was read; name days that have begun.")
    except ValueError as error:
        raise click.UsageError(f"{error}.") from error
    return period


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise click.UsageError(f"--time-zone: no time zone '{name}' is known here; one is America/New_York.") from error


def _gather(run: _Run) -> Gathered:
    asked = run.asked
    with count_accounts() as on_account:
        return gather_usage(
            asked.loaded, asked.state, run.session, asked.period, slugs=asked.slugs, on_account=on_account
        )


def _keep(run: _Run, gathered: Gathered) -> None:
    if run.ledger is None:
        return
    for slug in keep_readings(run.ledger, run.session.parent_sid, gathered):
        warn(f"{slug}: a price is finer than a billionth, so its usage is not kept in the ledger.")


def _report_text(run: _Run, by: By, form: str) -> tuple[str, int]:
    gathered, asked = _gather(run), run.asked
    fleet = summarise_fleet(run.session, gathered) if asked.slugs is None else None
    _keep(run, gathered)
    stack, parent = asked.loaded.stack.name, run.session.parent_sid
    report = report_usage(gathered, stack=stack, parent=parent, now=asked.now, fleet=fleet)
    return render_report(report, by, form), gathered.exit_code


def _explanation_text(run: _Run, zone: tzinfo, form: str) -> tuple[str, int]:
    gathered, asked = _gather(run), run.asked
    [tenant] = gathered.tenants
    parent = run.session.parent_sid
    earlier = earlier_readings(run.ledger, parent, tenant, asked.period) if run.ledger else ()
    _keep(run, gathered)
    keep_days = kept_days(asked.loaded.tenants.get(tenant.account.slug))
    question = Question(run.session, tenant, asked.period, zone, keep_days, asked.now, earlier=earlier)
    return render_explanation(explain_usage(question), form), 0


def render_report(report: UsageReport, by: By, form: str) -> str:
    """Return the report in a format."""
    match form:
        case "json":
            return as_json(report)
        case "csv":
            return as_csv(report, by)
        case "html":
            return as_html(report, by)
        case _:
            return as_text(report, by, layout())


def render_explanation(explanation: Explanation, form: str) -> str:
    """Return the explanation in a format."""
    match form:
        case "json":
            return as_json(explanation)
        case "csv":
            return explanation_as_csv(explanation)
        case "html":
            return explanation_as_html(explanation)
        case _:
            return explanation_as_text(explanation, layout())
