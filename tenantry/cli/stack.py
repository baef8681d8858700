"""Opening a stack for a command that runs Pulumi: its manifests are read first, so that nothing starts on an error."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import click

from tenantry.cli.terminal import tell_lines
from tenantry.engine.install.find import Engine, NoEngineError, find_engine
from tenantry.engine.run.command import CommandError, Project
from tenantry.engine.run.focus import CLOSING_VARIABLE
from tenantry.engine.state.deployment import selected_stack
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.manifest.problem import ManifestError
from tenantry.reports.about import About, Scope, about
from tenantry.text.plain import plain
from tenantry.text.wrapping import sentence

refresh_option = click.option("--refresh", is_flag=True, help="Ask Twilio first what there is.")
close_option = click.option(
    "--close", "closing", multiple=True, metavar="TENANT", help="Close this tenant's account, if its day has come."
)


@dataclass(frozen=True)
class Opened:
    """A stack that is ready to run: its project, and its manifests, which have no error."""

    project: Project
    loaded: Loaded


def open_stack(root: Path, stack: str | None, closing: Collection[str] = ()) -> Opened:
    """Return a stack that is ready to run; ends the command with what is wrong, before anything was started."""
    try:
        project = find_project(root, stack)
        loaded = load_or_refuse(root, project.stack)
    except (NoEngineError, CommandError, ManifestError) as error:
        fail(str(error))
    environ = {"PULUMI_STACK": project.stack}  # a URN tells our plugin the last part of the name alone
    if closing:
        environ |= {CLOSING_VARIABLE: ",".join(sorted(closing))}
    return Opened(replace(project, environ={**project.environ, **environ}), loaded)


def about_run(
    opened: Opened, *, policies_asked: bool | None = None, scope: Scope | None = None, commit: str | None = None
) -> About:
    """Return what a run of a stack is about, for people and reports."""
    return about(opened.loaded, opened.project.environ, scope=scope, commit=commit, policies_asked=policies_asked)


def tell_place(opened: Opened, told: About, form: str) -> None:
    """Print whose Twilio a command is about, before anything else; where a program reads the output, on stderr."""
    tell_lines([sentence(told.line(opened.project.stack))], err=form != "text")


def find_project(root: Path, stack: str | None) -> Project:
    """Return the project with the named stack, or the one that is selected.

    Raises NoEngineError, CommandError, and ManifestError where the folder holds no project.
    """
    engine = find_engine(os.environ)
    name = stack or os.environ.get("PULUMI_STACK") or _selected(root, engine, os.environ)
    return Project(root.resolve(), name, engine, os.environ)


def fail(message: str) -> NoReturn:
    """End the command with an error; Pulumi's words and file names in it can't steer the terminal."""
    tell_lines((sentence(plain(line)) for line in message.split("\n")), err=True)
    raise SystemExit(1)


def _selected(root: Path, engine: Engine, environ: Mapping[str, str]) -> str:
    """Return the stack that Pulumi has selected; without a project, that is what is told."""
    try:
        return selected_stack(root.resolve(), engine, environ)
    except CommandError as error:
        load_or_refuse(root, None)
        raise CommandError(f"{error}\nName a stack with --stack, or choose one with `pulumi stack select`.") from None
