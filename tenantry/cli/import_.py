"""`tenantry import`: manifests of what a parent account has already; Twilio and the state stay as they are."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import click

from tenantry.cli.options import project_option, refuse_blank, split, stack_option
from tenantry.cli.stack import end_on_errors, warn
from tenantry.cli.terminal import color_option, count_on_line, layout, tell, tell_lines
from tenantry.cli.traffic import tell_traffic
from tenantry.operations.importing.rules import Waive
from tenantry.operations.importing.story import Imported, ImportRequest, import_accounts
from tenantry.reports.importing.as_json import as_json
from tenantry.reports.importing.as_text import as_text, file_lines, summary
from tenantry.template import is_executable, read_program
from tenantry.text.some import first_of
from tenantry.text.wrapping import Line, sentence

NAMED = 3


@click.command(name="import")
@click.option("--only", multiple=True, metavar="AC…|NAME,…", help="Import only these accounts, by SID, name or slug.")
@project_option
@stack_option
@click.option(
    "--observe", is_flag=True, help="Write `manage: observe` into each manifest: Tenantry only reads the account."
)
@click.option(
    "--plans",
    type=click.Choice(["auto", "none"]),
    default="auto",
    show_default=True,
    help="none: derive no layers; each manifest is complete.",
)
@click.option("--explain", is_flag=True, help="Print the derived layers.")
@click.option("--dry-run", is_flag=True, help="Read and report; write nothing.")
@click.option("--waive", is_flag=True, help="Write a waiver for each mandatory rule that a tenant breaks.")
@click.option("--owner", metavar="WHO", callback=lambda *given: refuse_blank(*given) if given[2] else None)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the waivers.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@color_option
def import_(
    only: tuple[str, ...],
    root: Path,
    stack: str | None,
    plans: Literal["auto", "none"],
    owner: str | None,
    until: datetime | None,
    form: str,
    *,
    observe: bool,
    explain: bool,
    dry_run: bool,
    waive: bool,
) -> None:
    """Write manifests for existing subaccounts, with layers for shared settings. Changes nothing in Twilio.

    In an empty folder it writes a whole project. The first `tenantry up` takes over the existing objects, and changes
    nothing in Twilio either. Exit 2 if something was left out; a row says what, why, and what to do.
    """
    request = ImportRequest(
        root=root,
        stack=stack or os.environ.get("PULUMI_STACK"),
        environ=os.environ,
        today=datetime.now(UTC).date(),
        starter=(program := read_program(root)),
        executable=frozenset(filter(is_executable, program)),
        only=_names(only),
        observe=observe,
        plans=plans,
        dry_run=dry_run,
        waive=_read_waive(waive, owner, until.date() if until else None),
    )
    with end_on_errors(), count_on_line("accounts read") as on_account:
        imported = import_accounts(request, on_account)
    if imported.finished:
        warn(f"an earlier import was killed; its files were put in place: {first_of(imported.finished, NAMED)}")
    _tell(imported, form, explain=explain)
    raise SystemExit(imported.report.exit_code)


def _tell(imported: Imported, form: str, *, explain: bool) -> None:
    report = imported.report
    if form == "json":
        tell(as_json(report))
        tell_lines([sentence(summary(report))], err=True)
    else:
        if explain:
            layers = {layer.file: imported.texts[layer.file] for layer in report.layers}
            tell_lines(file_lines(layers))
        tell(as_text(report, layout()))
        if report.imported and not report.dry_run:
            tell_lines(_next(report.stack, is_new=imported.is_new))
    tell_traffic(imported.traffic)


def _next(stack: str | None, *, is_new: bool) -> list[Line]:
    steps = ["uv sync", f"pulumi stack init {stack}"] if is_new else []
    before = f"{' and '.join(f'`{step}`' for step in steps)}, then " if steps else ""
    return [
        sentence(f"Next: {before}`tenantry preview` shows what `tenantry up` takes over."),
        sentence("import.yaml and the manifests go into git."),
    ]


def _names(only: tuple[str, ...]) -> tuple[str, ...]:
    """Return the accounts that were named; an empty variable of a script must not be taken for all of them."""
    names = tuple(name for value in only for name in ([value] if "," not in value else split([value])) if name.strip())
    if only and not names:
        raise click.UsageError("No account is named; leave --only out, which means all of them.")
    return names


def _read_waive(waive: bool, owner: str | None, until: date | None) -> Waive | None:
    """Return who answers for the waivers that are written; None without --waive."""
    if not waive:
        if owner is not None or until is not None:
            raise click.UsageError("--owner and --until are of waivers; with --waive these are written.")
        return None
    if owner is None or until is None:
        raise click.UsageError("A waiver says who answers for it, and until when: --waive needs --owner and --until.")
    return Waive(owner, until)
