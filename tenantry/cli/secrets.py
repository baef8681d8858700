"""`tenantry secrets`: deliver the secrets of API keys to their sinks, or look which sinks lack some."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from tenantry.cli.options import choose_names, only_option, project_option, stack_option
from tenantry.cli.stack import end_on_errors
from tenantry.cli.terminal import color_option, count_on_line, layout, tell, tell_lines
from tenantry.operations.rotation.story import SecretsRequest, deliver_secrets
from tenantry.operations.stack.focus import refuse_unknown
from tenantry.operations.stack.open import open_stack
from tenantry.reports.secrets.as_json import as_json
from tenantry.reports.secrets.as_text import as_text, summary
from tenantry.text.wrapping import sentence


@click.command()
@click.argument("slugs", nargs=-1, metavar="[TENANT]...")
@only_option
@project_option
@stack_option
@click.option("--check", is_flag=True, help="Deliver nothing: exit 2 if a sink lacks something.")
@click.option("--sink", metavar="NAME", help="Use only this sink.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@color_option
def secrets(
    slugs: tuple[str, ...],
    only: tuple[str, ...],
    root: Path,
    stack: str | None,
    sink: str | None,
    form: str,
    *,
    check: bool,
) -> None:
    """Deliver the current generation of each API key to the sinks of its `deliver_to` that lack it.

    Sends nothing to Twilio, prints no secret and reads none back. Exit 1 if a sink failed or holds a secret that is
    not ours; 2 if a secret can't be delivered. With --check, exit 2 if a secret is missing or not ours.
    """
    names = choose_names(slugs, only)
    with end_on_errors():
        opened = open_stack(root, stack, os.environ)
        refuse_unknown(opened.loaded, names)
        with count_on_line("deliveries settled") as on_delivery:
            request = SecretsRequest(opened, names or None, sink, check)
            report = deliver_secrets(request, lambda: datetime.now(UTC), on_delivery)
    if form == "json":
        tell(as_json(report))
        tell_lines([sentence(summary(report))], err=True)
    else:
        tell(as_text(report, layout()))
    raise SystemExit(report.exit_code)
