"""`tenantry validate`: every problem of every manifest, and every rule that is violated, at once.

Needs no credentials and no network.
"""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import click

from tenantry.cli.options import project_option, stack_option
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.manifest.problem import ManifestError
from tenantry.manifest.project import require_stack
from tenantry.policies.check import CheckResult, check_project
from tenantry.policies.own import RulesError
from tenantry.reports.validate.as_github import as_github
from tenantry.reports.validate.as_json import as_json
from tenantry.reports.validate.as_sarif import as_sarif
from tenantry.reports.validate.as_text import as_text, list_waiver_problems, waivers_as_text

FORMATS = ("text", "json", "github", "sarif")


@click.command()
@project_option
@stack_option
@click.option("--strict", is_flag=True, help="Make errors of URLs without TLS.")
@click.option("--waivers", is_flag=True, help="List all waivers instead; exit 1 if one has expired or is wrong.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@color_option
def validate(root: Path, stack: str | None, *, strict: bool, waivers: bool, form: str) -> None:
    """Check every manifest and every rule, in every stack unless one is named. Exit 1 if there is an error."""
    if waivers and form != "text":
        raise click.UsageError("--waivers is a text; --format json without it lists the waivers too")
    today = datetime.now(UTC).date()
    try:
        judged = check_project(root, stack, today, strict=strict)
    except RulesError as error:
        raise click.ClickException(str(error)) from error
    judged = _with_held_states(judged, root, stack or os.environ.get("PULUMI_STACK"))
    judged = _with_holds(judged, root, stack) if stack and _has_ledger(root, stack) else judged
    if waivers:
        tell(waivers_as_text(judged, today, layout()))
        raise SystemExit(1 if any(problem.severity == "error" for problem in list_waiver_problems(judged)) else 0)
    tell(render(judged, root, form, today))
    raise SystemExit(1 if judged.errors else 0)


def _has_ledger(root: Path, stack: str | None) -> bool:
    try:
        return require_stack(root, stack).ledger is not None
    except ManifestError:  # which the check has reported
        return False


def _with_held_states(judged: CheckResult, root: Path, stack: str | None) -> CheckResult:
    """Return the result with an error for each `state: active` of a tenant that the ledger has suspended."""
    if judged.errors or not _has_ledger(root, stack):
        return judged
    from tenantry.operations.ledger.held import find_held_problems  # most projects have no ledger to open

    problems = tuple(sorted({*judged.files.problems, *find_held_problems(root, stack, os.environ)}))
    return replace(judged, files=replace(judged.files, problems=problems))


def _with_holds(judged: CheckResult, root: Path, stack: str) -> CheckResult:
    """Return the result with an error for each hold that the stack's ledger knows and its manifests have lost."""
    # Not above: a check of all stacks asks no ledger, and needs not wait for what does.
    from tenantry.cli.holds import UNASKED
    from tenantry.cli.stack import warn
    from tenantry.ledger.errors import LedgerError
    from tenantry.manifest.load import load
    from tenantry.operations.ledger.opening import Place
    from tenantry.operations.retention.hold_check import find_vanished_holds, with_vanished_holds

    loaded = load(root, stack)
    try:
        vanished = find_vanished_holds(Place(root, loaded.stack, os.environ), loaded)
    except LedgerError as error:
        warn(UNASKED.format(error))
        return judged
    return with_vanished_holds(judged, loaded, vanished)


def render(judged: CheckResult, root: Path, form: str, today: date) -> str:
    """Return the result in one of the formats."""
    match form:
        case "json":
            return as_json(judged, today)
        case "github":
            return as_github(judged, root)
        case "sarif":
            return as_sarif(judged, root)
        case _:
            return as_text(judged, layout())
