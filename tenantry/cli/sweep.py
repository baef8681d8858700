"""`tenantry sweep`: all that a receiver does beside answering, once; for cron."""

import os
from datetime import timedelta
from pathlib import Path

import click

from tenantry.cli.caps import format_option
from tenantry.cli.caps_desk import open_caps
from tenantry.cli.options import keep_days_option, project_option, stack_option
from tenantry.cli.terminal import color_option, count_on_line, layout, tell
from tenantry.operations.caps.once import sweep_once
from tenantry.operations.error_events.keeping import read_keep_days
from tenantry.operations.notices.send import target_of
from tenantry.reports.caps.as_json import as_json
from tenantry.reports.caps.as_text import sweep_as_text


@click.command()
@keep_days_option
@project_option
@stack_option
@format_option
@color_option
def sweep(root: Path, stack: str | None, form: str, keep_days: int | None) -> None:
    """Do once what a receiver does beside answering. For cron.

    Read the triggers of tenants with a cap that suspends; suspend, resume, send notices, and delete old errors.

    Costs a request for each 1,000 accounts and one for each tenant with such a cap, and those that change accounts.
    Exit 1 where something failed; it is tried again.
    """
    with open_caps(root, stack) as desk, count_on_line("tenants read") as on_tenant:
        keep = timedelta(days=keep_days) if keep_days else read_keep_days(os.environ)
        report = sweep_once(desk.duty, target_of(desk.stack.notices, os.environ), keep, on_tenant)
    tell(as_json(report) if form == "json" else sweep_as_text(report, layout()))
    raise SystemExit(1 if report.failed or report.notices_failed else 0)
