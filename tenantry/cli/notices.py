"""`tenantry notices`: what your application was told, what waits, what is dead; and sending it again."""

from pathlib import Path

import click

from tenantry.cli.caps import format_option
from tenantry.cli.caps_desk import open_caps
from tenantry.cli.options import project_option, stack_option
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.ledger.notices import Status
from tenantry.operations.notices.listing import list_notices, replay_notices
from tenantry.reports.notices.as_json import as_json
from tenantry.reports.notices.as_text import as_text


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--status", type=click.Choice(["waiting", "sent", "dead"]), help="Those alone.")
@click.option("--replay", is_flag=True, help="Queue those named again; without names all that are dead.")
@project_option
@stack_option
@format_option
@color_option
def notices(
    ids: tuple[str, ...], status: Status | None, root: Path, stack: str | None, form: str, *, replay: bool
) -> None:
    """List the notices to your application, the oldest first. Exit 2 where some are dead."""
    if ids and not replay:
        raise click.UsageError("A name of a notice is for --replay.")
    with open_caps(root, stack) as desk, desk.duty.open_ledger() as ledger:
        url = desk.stack.notices.url if desk.stack.notices else None
        if replay:
            report = replay_notices(ledger, desk.duty.parent, url, ids)
        else:
            report = list_notices(ledger, desk.duty.parent, url, status)
    tell(as_json(report) if form == "json" else as_text(report, layout()))
    raise SystemExit(2 if any(notice.status == "dead" for notice in report.notices) else 0)
