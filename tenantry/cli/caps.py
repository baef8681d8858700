"""`tenantry caps`: what caps tenants have, and what people do about them."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from tenantry.cli.caps_desk import open_caps
from tenantry.cli.desk import by_option
from tenantry.cli.options import project_option, stack_option
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.operations.caps.follow_one import follow_act
from tenantry.operations.caps.listing import list_caps
from tenantry.operations.caps.people import Raised, approve_cap, override_cap
from tenantry.operations.caps.values import CapActReport
from tenantry.reports.caps.as_json import as_json
from tenantry.reports.caps.as_text import act_as_text, caps_as_text

format_option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.group(invoke_without_command=True)
@project_option
@stack_option
@format_option
@color_option
@click.pass_context
def caps(context: click.Context, root: Path, stack: str | None, form: str) -> None:
    """List the caps of tenants: what was used when the sweep last looked, and what is suspended until when."""
    if context.invoked_subcommand is not None:
        return
    with open_caps(root, stack) as desk, desk.duty.open_ledger() as ledger:
        report = list_caps(ledger, desk.duty.parent, desk.name)
    tell(as_json(report) if form == "json" else caps_as_text(report, layout()))


@caps.command()
@click.argument("tenant")
@click.argument("cap")
@by_option
@project_option
@stack_option
@format_option
@color_option
def approve(tenant: str, cap: str, by: str, root: Path, stack: str | None, form: str) -> None:
    """Suspend TENANT, whose CAP was reached and waits for an approval."""
    with open_caps(root, stack) as desk:
        with desk.duty.open_ledger() as ledger:
            act = approve_cap(ledger, desk.duty.parent, tenant, cap, by)
        report = follow_act(desk.duty, act)
    _answer(report, form)


@caps.command()
@click.argument("tenant")
@click.argument("cap")
@click.option("--limit", required=True, metavar="NUMBER", help="What suspends in place of the manifest's limit.")
@click.option(
    "--until", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="The last day (UTC) of it."
)
@by_option
@project_option
@stack_option
@format_option
@color_option
def override(
    tenant: str, cap: str, limit: str, until: datetime, by: str, root: Path, stack: str | None, form: str
) -> None:
    """Let TENANT use more, or less, than its CAP until a day. What CAP suspends below that is active again.

    Twilio's trigger does not know of it, so the sweep suspends at the other limit: minutes later than a callback would.
    """
    raised = Raised(_number(limit), until.date(), by)
    with open_caps(root, stack) as desk:
        with desk.duty.open_ledger() as ledger:
            act = override_cap(ledger, desk.duty.parent, tenant, cap, raised)
        report = follow_act(desk.duty, act)
    _answer(report, form)


def _answer(report: CapActReport, form: str) -> None:
    tell(as_json(report) if form == "json" else act_as_text(report, layout()))
    raise SystemExit(1 if report.problem else 0)


def _number(written: str) -> Decimal:
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise click.BadParameter(f"'{written}' is no number, such as 1500.", param_hint="--limit") from None
    if not number.is_finite() or number <= 0 or number >= 10**15:
        raise click.BadParameter("it is above 0 and below 10^15.", param_hint="--limit")
    return number
