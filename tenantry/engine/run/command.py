"""Running Pulumi for a project and reading its events while it runs.

It starts the CLI itself, one process a command, and reads `--event-log` from a file. The Automation API reads the same
file, but asks the CLI for its version, selects the stack, and after an `up` reads outputs (twice) and history: seven
starts of a Go program for one `up`. The flag wants PULUMI_DEBUG_COMMANDS, which the Automation API sets too.
"""

from __future__ import annotations

import functools
import json
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tenantry.engine.events.event import Diagnostic, Event, plain
from tenantry.engine.install.toolchain import find_missing
from tenantry.engine.install.versions import Version
from tenantry.engine.run.ending import find_errors_beside, has_never_begun, is_explained, words_of
from tenantry.engine.run.environment import Project as Project
from tenantry.engine.run.environment import environment
from tenantry.engine.run.home import home_without_log
from tenantry.engine.run.kept_files import read_kept_state, read_kept_tags, set_kept_tag
from tenantry.engine.run.partial_backend import PartialBackend, partial_backend
from tenantry.engine.run.process import start
from tenantry.engine.run.state_file import UNREAD, advice
from tenantry.engine.run.watch import Ended, OnIdle, Running, SilenceLimits, watch
from tenantry.engine.run.watch import OnEvent as OnEvent

SHOW_SECRETS = "--show-secrets"
CROWDED = "(53300)"
"""PostgreSQL's code, in what Pulumi says (CLI 3.259), for a server whose connections are all taken."""
LATER = (
    "PostgreSQL had no connection left for this run: run it again once others have ended. Where that comes often, let "
    "fewer run at once, or raise its max_connections (docs/fleet.md)."
)
PREVIEW, UP = SilenceLimits(first=5), SilenceLimits(first=200)
"""How long an interrupted run may be silent: a call to Twilio that an `up` has begun has 180 seconds, with all
its tries; the reads of an interrupted preview are no longer needed."""


class CommandError(Exception):
    """Pulumi failed before it could report an event; the text has the command and Pulumi's own words."""


@dataclass(frozen=True)
class Run:
    """A finished preview or update. Exit codes are Pulumi's: 0 fine, 1 error, 7 changes where none were expected.

    `interrupted` by Ctrl-C or SIGTERM: what had begun was finished and is in the state, the rest was not begun.
    """

    exit_code: int
    events: tuple[Event, ...]
    interrupted: bool = False
    is_whole: bool = True
    """Whether its log has every event; else more was planned or done than the events show."""
    is_partial: bool = False
    """Whether it is not whole, or its program ended before it registered everything: then it has no plan."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Return the messages of severity error."""
        return tuple(event for event in self.events if isinstance(event, Diagnostic) and event.severity == "error")


@dataclass(frozen=True)
class Begun:
    """A preview or update that Pulumi has begun."""

    project: Project
    arguments: tuple[str, ...]
    running: Running
    partial: PartialBackend | None = None
    """What it reads in place of the whole state."""
    begin_whole: BeginWhole | None = None
    """Begins it anew with the whole state."""

    def finish(self, on_event: OnEvent = lambda _: None, on_idle: OnIdle = lambda: None) -> Run:
        """Hand each event to `on_event` until it has ended; raises CommandError."""
        if self.partial is not None and self.begin_whole is not None:
            return self._finish_partial(self.partial, self.begin_whole, on_event, on_idle)
        return self._describe(self.running.finish(on_event, on_idle))

    def _finish_partial(
        self, partial: PartialBackend, begin_whole: BeginWhole, on_event: OnEvent, on_idle: OnIdle
    ) -> Run:
        """Tell of its events once it has not failed; else it is done again with the whole state."""
        ended = self.running.finish(lambda _: None, on_idle)
        reports = partial.list_reports()
        if not ended.interrupted and (ended.exit_code or reports is None):
            with begin_whole() as begun:
                return begun.finish(on_event, on_idle)
        for event in ended.events:
            on_event(event)
        run = self._describe(ended)
        return replace(run, events=partial.complete(run.events, reports or ()))

    def _describe(self, ended: Ended) -> Run:
        if has_never_begun(ended):
            raise CommandError(_describe_failure(self.arguments, self.project, ended.exit_code, words_of(ended)))
        events = (*ended.events, *find_errors_beside(ended))
        is_partial = not ended.is_whole or (ended.exit_code != 0 and not is_explained(ended.events))
        return Run(ended.exit_code, events, ended.interrupted, ended.is_whole, is_partial)


BeginWhole = Callable[[], AbstractContextManager[Begun]]


def preview(
    project: Project,
    *,
    slugs: Iterable[str] | None = None,
    refresh: bool = False,
    reads_first: bool = True,
    policy_packs: Iterable[Path] = (),
    on_event: OnEvent = lambda _: None,
    on_idle: OnIdle = lambda: None,
) -> Run:
    """Preview the project, for some tenants only if `slugs` is given; raises CommandError."""
    preview = begin_preview(project, slugs=slugs, refresh=refresh, reads_first=reads_first, policy_packs=policy_packs)
    with preview as begun:
        return begun.finish(on_event, on_idle)


@contextmanager
def begin_preview(
    project: Project,
    *,
    slugs: Iterable[str] | None = None,
    refresh: bool = False,
    reads_first: bool = True,
    policy_packs: Iterable[Path] = (),
) -> Iterator[Begun]:
    """Begin a preview, which is interrupted in a context that ends before it; raises CommandError.

    Where `slugs` are given, and nothing else, it uses what they need of the state: see `partial_backend`. A refresh
    reads all at Twilio and then starts the program. Unless it `reads_first`, each resource is read when the program
    registers it, so that both work at once, and what the program no longer registers is not read.
    """
    packs = tuple(policy_packs)
    meanwhile = ["--run-program"] if refresh and not reads_first else []
    arguments, environ = ["preview", *_list_common_options(refresh, packs), *meanwhile], environment(project, slugs)
    if slugs is None or refresh or packs:
        with _begin(project, arguments, environ, PREVIEW) as begun:
            yield begun
        return
    begin_whole = functools.partial(_begin, project, arguments, environ, PREVIEW)
    with partial_backend(*_place_of(project), frozenset(slugs)) as partial:
        variables = partial.variables if partial else {}
        with _begin(project, arguments, {**environ, **variables}, PREVIEW) as begun:
            yield begun if partial is None else replace(begun, partial=partial, begin_whole=begin_whole)


def up(
    project: Project,
    *,
    slugs: Iterable[str] | None = None,
    refresh: bool = False,
    policy_packs: Iterable[Path] = (),
    skip_checkpoints: bool = False,
    on_event: OnEvent = lambda _: None,
    on_idle: OnIdle = lambda: None,
) -> Run:
    """Apply the project without asking and without Pulumi's own preview; raises CommandError.

    One failing resource doesn't stop the others. `skip_checkpoints` writes state only once, at the end (15 times faster
    for 300 new tenants): safe for creates that adopt, so never with a delete or a replacement in the plan.
    """
    options = ["--yes", "--skip-preview", "--continue-on-error", *_list_common_options(refresh, policy_packs)]
    extra = {"PULUMI_SKIP_CHECKPOINTS": "true"} if skip_checkpoints else {}
    with _begin(project, ["up", *options], environment(project, slugs) | extra, UP) as begun:
        return begun.finish(on_event, on_idle)


def select_stack(project: Project) -> None:
    """Make the stack if it is not there yet; raises CommandError."""
    run_plain(project, "stack", "select", "--create", project.stack)


def export_state(project: Project, *, show_secrets: bool = False, seconds: float | None = None) -> dict[str, Any]:
    """Return the stack's state as Pulumi exports it; raises CommandError, also where it takes longer than `seconds`."""
    is_everyday = not show_secrets and seconds is None  # with a limit it is Pulumi that is tried, not the state
    if is_everyday and (kept := read_kept_state(*_place_of(project))) is not None:
        return kept
    options = [SHOW_SECRETS] if show_secrets else []
    arguments = ("stack", "export", "--stack", project.stack, *options)
    exported: dict[str, Any] = json.loads(run_plain(project, *arguments, seconds=seconds))
    return exported


def read_tags(project: Project) -> dict[str, str] | None:
    """Return the tags of the stack, None where its backend does not return them; raises CommandError."""
    if (kept := read_kept_tags(*_place_of(project))) is not None:
        return kept
    tags: dict[str, str] | None = json.loads(
        run_plain(project, "stack", "tag", "ls", "--json", "--stack", project.stack)
    )
    return tags


def set_tag(project: Project, name: str, value: str | None) -> None:
    """Set a tag of the stack, or remove it where the value is None; raises CommandError."""
    if set_kept_tag(*_place_of(project), (name, value)):
        return
    words = ("rm", name) if value is None else ("set", name, value)
    run_plain(project, "stack", "tag", *words, "--stack", project.stack)


def backend_of(project: Project, *, seconds: float | None = None) -> tuple[str, str]:
    """Return the URL of the backend that Pulumi is logged in to, and the user; raises CommandError."""
    account = json.loads(run_plain(project, "whoami", "--json", "--verbose", seconds=seconds))
    return account.get("url", ""), account.get("user", "an unknown user")


def run_plain(project: Project, *arguments: str, seconds: float | None = None) -> str:
    """Run any Pulumi command in the project and return what it printed; raises CommandError."""
    command = [str(project.engine.binary), *arguments, "--non-interactive"]
    with start(command, project.folder, environment(project)) as process:
        try:
            output = process.communicate(seconds)
        except subprocess.TimeoutExpired:
            raise CommandError(f"`pulumi {' '.join(arguments)}` did not end within {seconds:g} s") from None
    printed, complained = (stream.decode("utf-8", errors="replace") for stream in output)
    if process.exit_code:
        # The output of a failed export with secrets may contain some of them.
        message = complained if SHOW_SECRETS in arguments else complained or printed
        raise CommandError(_describe_failure(arguments, project, process.exit_code, message))
    return printed


def _place_of(project: Project) -> tuple[Mapping[str, str], Path, str, Version]:
    return project.environ, project.folder, project.stack, project.engine.version


def _list_common_options(refresh: bool, policy_packs: Iterable[Path]) -> Iterator[str]:
    if refresh:
        yield "--refresh"
    for pack in policy_packs:
        yield from ("--policy-pack", str(pack))


@contextmanager
def _begin(
    project: Project, arguments: list[str], environ: Mapping[str, str], limits: SilenceLimits
) -> Iterator[Begun]:
    if reason := find_missing(project.folder, environ):
        raise CommandError(reason)
    command = [str(project.engine.binary), *arguments, "--stack", project.stack]
    with (
        home_without_log(environ, project.folder) as home,
        watch(command, project.folder, {**environ, **home}, limits) as running,
    ):
        yield Begun(project, tuple(arguments), running)


def _describe_failure(arguments: Iterable[str], project: Project, code: int, output: str) -> str:
    words = plain(output) or "it said nothing"
    message = f"`pulumi {' '.join(arguments)}` in {project.folder} failed with exit code {code}: {words}"
    if CROWDED in words:
        return f"{message}\n{LATER}"
    return f"{message}\n{advice(backend_of(project)[0], project.folder, project.stack)}" if UNREAD in words else message
