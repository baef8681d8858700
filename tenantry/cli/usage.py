"""`tenantry usage`: what tenants used in a period, reconciled, or why logs and usage of one of them differ."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from tenantry.cli.options import choose_names, only_option, project_option, stack_option, without_state_option
from tenantry.cli.stack import end_on_errors, warn
from tenantry.cli.state import open_with_state
from tenantry.cli.terminal import color_option, count_on_line, layout, tell
from tenantry.cli.traffic import tell_traffic
from tenantry.operations.usage.periods import choose_days, find_zone
from tenantry.operations.usage.story import UsageRequest, read_explanation, read_report
from tenantry.reports.usage.as_csv import By
from tenantry.reports.usage.formats import FORMATS, render_usage
from tenantry.reports.usage.words import too_fine_text

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("slugs", nargs=-1, metavar="[TENANT]...")
@only_option
@project_option
@stack_option
@click.option("--month", metavar="YYYY-MM", help="A month, in UTC.  [default: the last complete one]")
@click.option("--from", "first", type=DAY, metavar="DAY", help="First day, in UTC.")
@click.option("--to", "last", type=DAY, metavar="DAY", help="Last day, in UTC; it is included.")
@click.option(
    "--by", type=click.Choice(["tenant", "category"]), default="tenant", show_default=True, help="One row for each."
)
@click.option("--explain", "explained", metavar="TENANT", help="Explain why this tenant's logs and usage differ.")
@click.option(
    "--time-zone",
    metavar="ZONE",
    default="UTC",
    show_default=True,
    help="With --explain: count the logs by days of this zone.",
)
@without_state_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
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
    """Show what tenants used, from Twilio's usage records, to the last digit. Changes nothing in Twilio.

    Exit 2 if the usage of a tenant is not available; 1 if a request for it failed.
    """
    now, names = datetime.now(UTC), _names(slugs, only, explained)
    with end_on_errors():
        period = choose_days(month, first and first.date(), last and last.date(), now)
        zone = find_zone(time_zone)
    loaded, state = open_with_state(root, stack, without_state=without_state, undone="No usage was read.")
    with end_on_errors(), count_on_line("accounts read") as listener:
        request = UsageRequest(loaded, state, names, period, now, os.environ, listener)
        found = read_report(request) if explained is None else read_explanation(request, zone)
    if found.too_fine:
        warn(too_fine_text(found.too_fine))
    text = render_usage(found.result, by, form, layout())
    tell(text, nl=not text.endswith("\n"))
    tell_traffic(found.traffic)
    raise SystemExit(found.exit_code)


def _names(slugs: tuple[str, ...], only: tuple[str, ...], explained: str | None) -> tuple[str, ...]:
    names = choose_names(slugs, only)
    if explained is None:
        return names
    if names:
        raise click.UsageError("--explain is about one tenant; name no others.")
    return (explained,)
