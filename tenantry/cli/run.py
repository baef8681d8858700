"""One run of Pulumi for a command: its events and what it cost, and its errors told."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from tenantry.cli.progress import Listener
from tenantry.cli.stack import fail
from tenantry.engine.command import CommandError, Project, Run
from tenantry.engine.events import Event
from tenantry.engine.plan import Plan
from tenantry.reports.plain import plain
from tenantry.twilio.traffic import Traffic
from tenantry.twilio.traffic_log import TRAFFIC_VARIABLE, traffic_in

NAMED = 3
INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C ended."""
ENGINE_SAYS = ("preview failed", "update failed", "an unhandled error occurred: program exited")
"""What the engine adds at the end of a run that failed, when the reasons have been told."""
NO_STACK = "no stack named"
CHECKED = re.compile(r"^\S+ resource '[^']*'(: property \S+ value \{.*?\})? has a problem: ", re.DOTALL)
"""What the engine puts before the sentence of a check that refused."""


@dataclass(frozen=True)
class Ran:
    """A finished run of Pulumi, and what it cost at Twilio's API."""

    exit_code: int
    events: tuple[Event, ...]
    interrupted: bool
    traffic: Traffic


def running(
    run: Callable[..., Run], project: Project, slugs: Collection[str] | None, listener: Listener, **options: Any
) -> Ran:
    """Run Pulumi, for the named tenants only where some are named; ends the command if Pulumi can't even start."""
    with TemporaryDirectory(prefix="tenantry-traffic-") as folder:
        log = Path(folder, "counts")
        log.touch()
        counted = replace(project, environ={**project.environ, TRAFFIC_VARIABLE: str(log)})
        try:
            done = run(counted, slugs=slugs or None, on_event=listener.event, on_idle=listener.idle, **options)
        except CommandError as error:
            fail(f"{error}{_make_it(project) if NO_STACK in str(error) else ''}")
        return Ran(done.exit_code, done.events, done.interrupted, traffic_in(log))


def end_if_interrupted(ran: Ran) -> None:
    """End the command if Ctrl-C or SIGTERM ended the run."""
    if ran.interrupted:
        click.echo("Interrupted: what had begun was finished and is in the state. Run again to go on.", err=True)
        raise SystemExit(INTERRUPTED)


def show_errors(plan: Plan) -> None:
    """Print warnings, errors and violated policies on stderr, each sentence once with the resources it is about."""
    about: dict[tuple[str, str], list[str]] = {}
    for diagnostic in (*plan.warnings, *plan.errors):
        message = CHECKED.sub("", diagnostic.message.removeprefix("Preview failed: "))
        about.setdefault((diagnostic.severity, message), []).append(_name(diagnostic.urn))
    for (severity, message), names in about.items():
        if not message.startswith(ENGINE_SAYS):
            click.echo(_safe(f"{severity}: {_several(names)}{message}"), err=True)
    for violation in plan.violations:
        where = _name(violation.urn)
        click.echo(_safe(f"policy {violation.policy} ({violation.level}): {where}: {violation.message}"), err=True)


def _safe(text: str) -> str:
    """Return text whose lines can't steer a terminal: Twilio's words and people's names may hold anything."""
    return "\n".join(plain(line) for line in text.expandtabs().split("\n"))


def _make_it(project: Project) -> str:
    pulumi = "pulumi" if project.engine.origin == "PATH" else project.engine.binary
    return f"\nMake it with `{pulumi} stack init {project.stack}` in {project.folder}, or name another with --stack."


def _name(urn: str) -> str:
    return urn.split("::", 3)[-1]


def _several(names: list[str]) -> str:
    named = sorted({name for name in names if name})
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return f"{', '.join(named[:NAMED])}{more}: " if named else ""
