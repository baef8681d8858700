"""`tenantry errors`: what Twilio told of errors of tenants, by code and against what they sent."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import click

from tenantry.cli.caps_desk import open_caps
from tenantry.cli.options import choose_names, project_option, stack_option
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.error_events.listing import ErrorsRequest, list_errors
from tenantry.operations.error_events.traffic import Sent, read_traffic
from tenantry.reports.error_events.as_html import as_html
from tenantry.reports.error_events.as_json import as_json
from tenantry.reports.error_events.as_text import as_text


@click.command()
@click.argument("slugs", nargs=-1, metavar="[TENANT]...")
@click.option(
    "--since",
    default="7d",
    show_default=True,
    metavar="DAYS",
    help="The last so many days, as 7d, or a day, as 2026-03-01: from its 00:00 UTC on.",
)
@click.option("--without-traffic", is_flag=True, help="Ask Twilio nothing: no rate against what tenants sent.")
@project_option
@stack_option
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@color_option
def errors(
    slugs: tuple[str, ...], since: str, root: Path, stack: str | None, form: str, *, without_traffic: bool
) -> None:
    """List the errors and warnings of tenants that the receiver got: codes, first and last seen, what is new.

    One request to Twilio for each tenant that had some, for what it sent. Exit 1 where that could not be read.
    """
    names = choose_names(slugs)
    with open_caps(root, stack) as desk, desk.duty.open_ledger() as ledger:
        today = ledger.now().astimezone(UTC).date()
        first_day = _first_day(since, today)
        request = ErrorsRequest(desk.duty.parent, desk.name, first_day, names)
        read = partial(read_traffic, desk.duty.open_session(), UsagePeriod(first_day, today))
        report = list_errors(ledger, request, _ask_nothing if without_traffic else read)
    tell({"json": as_json, "html": as_html}[form](report) if form != "text" else as_text(report, layout()))
    raise SystemExit(1 if report.has_failed else 0)


def _ask_nothing(_: Mapping[str, str]) -> Mapping[str, Sent]:
    return {}


def _first_day(written: str, today: date) -> date:
    if re.fullmatch(r"[1-9]\d{0,3}d", written, re.ASCII):
        return today - timedelta(days=int(written[:-1]) - 1)
    try:
        day = datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise click.BadParameter(
            f"'{written}' is neither a number of days, as 7d, nor a day, as 2026-03-01.", param_hint="--since"
        ) from None
    if day > today:
        raise click.BadParameter(f"{day} is not here yet; today is {today} (UTC).", param_hint="--since")
    return day
