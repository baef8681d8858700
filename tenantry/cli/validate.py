"""`tenantry validate`: every problem of every manifest, at once. Needs no credentials and no network."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from tenantry.cli.options import project_option, stack_option
from tenantry.manifest.check import Checked, check
from tenantry.manifest.problem import Problem


@click.command()
@project_option
@stack_option
@click.option("--strict", is_flag=True, help="Make errors of URLs without TLS.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
def validate(root: Path, stack: str | None, *, strict: bool, form: str) -> None:
    """Check every manifest, in every stack unless one is named. Exit 1 if there is an error."""
    checked = check(root, stack, strict=strict)
    click.echo(rendered(checked, root, form))
    raise SystemExit(1 if checked.errors else 0)


def rendered(checked: Checked, root: Path, form: str) -> str:
    """Return the result as text, as JSON, or as workflow commands that GitHub shows in a pull request."""
    match form:
        case "json":
            return _as_json(checked)
        case "github":
            return "\n".join([*(_annotation(problem, root) for problem in checked.problems), checked.summary])
        case _:
            return "\n".join([*map(str, checked.problems), checked.summary])


def _as_json(checked: Checked) -> str:
    warnings = len(checked.problems) - checked.errors
    counts = {"tenants": checked.tenants, "errors": checked.errors, "warnings": warnings}
    return json.dumps({**counts, "problems": [asdict(problem) for problem in checked.problems]}, indent=2)


def _annotation(problem: Problem, root: Path) -> str:
    file = _property(os.fsencode(root / problem.file).decode("utf-8", "replace"))
    message = f"{problem.path}: {problem.message}" if problem.path else problem.message
    return f"::{problem.severity} file={file},line={problem.line},col={problem.column}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
