"""What `preview`, `up` and `drift` share: opening a stack after its manifests were read, and showing a run."""

import os
import re
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

import click

from tenantry.engine.command import CommandError, Project, Run
from tenantry.engine.find import Engine, NoEngineError, find_engine
from tenantry.engine.focus import CLOSING_VARIABLE
from tenantry.engine.plan import Plan
from tenantry.engine.state import selected_stack
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.manifest.problem import ManifestError

NAMED = 3
INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C ended."""
ENGINE_SAYS = ("preview failed", "update failed", "an unhandled error occurred: program exited")
"""What the engine adds at the end of a run that failed, when the reasons have been told."""
NO_STACK = "no stack named"
CHECKED = re.compile(r"^\S+ resource '[^']*'(: property \S+ value \{.*?\})? has a problem: ", re.DOTALL)
"""What the engine puts before the sentence of a check that refused."""

slugs_argument = click.argument("slugs", nargs=-1, metavar="[TENANT]...")
refresh_option = click.option("--refresh", is_flag=True, help="Ask Twilio first what there is.")
close_option = click.option(
    "--close", "closing", multiple=True, metavar="TENANT", help="Close this tenant's account, if its day has come."
)
policy_option = click.option(
    "--policy-pack",
    "packs",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, resolve_path=True),
    metavar="DIR",
    help="Check the run with this policy pack.",
)


def open_stack(root: Path, stack: str | None, slugs: Collection[str] = (), closing: Collection[str] = ()) -> Project:
    """Return a stack that is ready to run: its manifests are right and the tenants that were named exist.

    Ends the command with what is wrong, before anything was started.
    """
    try:
        engine = find_engine(os.environ)
        environ: Mapping[str, str] = {
            **os.environ,
            **({CLOSING_VARIABLE: ",".join(sorted(closing))} if closing else {}),
        }
        name = stack or os.environ.get("PULUMI_STACK") or _selected(root, engine, environ)
        project = Project(root.resolve(), name, engine, environ)
        loaded = load_or_refuse(root, name)
    except (NoEngineError, CommandError, ManifestError) as error:
        fail(str(error))
    _refuse_unknown(loaded, [*slugs, *closing])
    return project


def running(run: Callable[..., Run], project: Project, slugs: Collection[str], **options: Any) -> Run:
    """Run Pulumi, for the named tenants only where some are named; an interrupted run ends the command."""
    try:
        done = run(project, slugs=slugs or None, **options)
    except CommandError as error:
        fail(f"{error}{_make_it(project) if NO_STACK in str(error) else ''}")
    if done.interrupted:
        click.echo("Interrupted: what had begun was finished and is in the state. Run again to go on.", err=True)
        raise SystemExit(INTERRUPTED)
    return done


def show_errors(plan: Plan) -> None:
    """Print warnings, errors and violated policies on stderr, each sentence once with the resources it is about."""
    about: dict[tuple[str, str], list[str]] = {}
    for diagnostic in (*plan.warnings, *plan.errors):
        message = CHECKED.sub("", diagnostic.message.removeprefix("Preview failed: "))
        about.setdefault((diagnostic.severity, message), []).append(_name(diagnostic.urn))
    for (severity, message), names in about.items():
        if not message.startswith(ENGINE_SAYS):
            click.echo(f"{severity}: {_several(names)}{message}", err=True)
    for violation in plan.violations:
        where = _name(violation.urn)
        click.echo(f"policy {violation.policy} ({violation.level}): {where}: {violation.message}", err=True)


def fail(message: str) -> NoReturn:
    """End the command with an error."""
    click.echo(message, err=True)
    raise SystemExit(1)


def _selected(root: Path, engine: Engine, environ: Mapping[str, str]) -> str:
    """Return the stack that Pulumi has selected; without a project, that is what is told."""
    try:
        return selected_stack(root.resolve(), engine, environ)
    except CommandError as error:
        load_or_refuse(root, None)
        raise CommandError(f"{error}\nName a stack with --stack, or choose one with `pulumi stack select`.") from None


def _make_it(project: Project) -> str:
    pulumi = "pulumi" if project.engine.origin == "PATH" else project.engine.binary
    return f"\nMake it with `{pulumi} stack init {project.stack}` in {project.folder}, or name another with --stack."


def _name(urn: str) -> str:
    return urn.split("::", 3)[-1]


def _several(names: list[str]) -> str:
    named = sorted({name for name in names if name})
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return f"{', '.join(named[:NAMED])}{more}: " if named else ""


def _refuse_unknown(loaded: Loaded, named: Collection[str]) -> None:
    for slug in named:
        if slug not in loaded.tenants:
            close = get_close_matches(slug, loaded.tenants, n=1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            fail(f"There is no tenant '{slug}' in {loaded.stack.tenants}/{hint}")
