"""`tenantry rotate`: write the next step of each key's rotation into the manifests."""

import os
from pathlib import Path

import click

from tenantry.cli.options import choose_names, only_option, project_option, stack_option
from tenantry.cli.stack import end_on_errors
from tenantry.cli.terminal import color_option, count_on_line, layout, tell, tell_lines
from tenantry.operations.rotation.rotate import rotate_keys
from tenantry.operations.rotation.rotating_keys import Asked
from tenantry.operations.stack.open import open_stack
from tenantry.reports.rotate.as_json import as_json
from tenantry.reports.rotate.as_text import as_text, summary
from tenantry.reports.traffic import api_line
from tenantry.text.wrapping import sentence


@click.command()
@click.argument("keys", nargs=-1, metavar="[TENANT|TENANT/KEY]...")
@only_option
@project_option
@stack_option
@click.option("--now", is_flag=True, help="Add a generation to the named keys, whatever their age.")
@click.option(
    "--kill", type=click.IntRange(1), metavar="GENERATION", help="Remove this leaked generation without an overlap."
)
@click.option("--canary", type=click.IntRange(1), metavar="N", help="At most N keys with an unproven generation.")
@click.option("--dry-run", is_flag=True, help="Write nothing: exit 2 if there is something to write.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@color_option
def rotate(
    keys: tuple[str, ...],
    only: tuple[str, ...],
    root: Path,
    stack: str | None,
    kill: int | None,
    canary: int | None,
    form: str,
    *,
    now: bool,
    dry_run: bool,
) -> None:
    """Write the next step of each due rotation into the tenant's own manifest; `tenantry up` then carries it out.

    Adds the next generation of a key that is older than its `rotation` allows. Removes a generation whose successor
    is in every sink of `deliver_to`, answers a real call, and is `overlap_days` old. Changes nothing at Twilio. Exit 1
    if something failed; 2 if a key was left out or a sink lacks one.
    """
    names = choose_names(keys, only, noun="key", everything="all that rotate")
    with end_on_errors():
        opened = open_stack(root, stack, os.environ)
        with count_on_line("keys tried") as on_key:
            rotated = rotate_keys(opened, Asked(names, now, kill, canary, dry_run), on_key)
    notes = (api_line(rotated.traffic, os.environ),) if rotated.traffic.requests else ()
    report = rotated.report.model_copy(update={"notes": notes})
    if form == "json":
        tell(as_json(report))
        tell_lines([sentence(summary(report))], err=True)
    else:
        tell(as_text(report, layout()))
    raise SystemExit(report.exit_code)
