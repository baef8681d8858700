"""One run of Pulumi for a command: its events and what it cost, and its errors told."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tenantry.cli.progress import Listener
from tenantry.cli.stack import fail
from tenantry.cli.terminal import tell_lines
from tenantry.engine.events.event import Event
from tenantry.engine.events.plan import Plan
from tenantry.engine.run.command import CommandError, Project, Run
from tenantry.engine.state.strays import strays
from tenantry.operations.up.messages import messages_of
from tenantry.reports.changes.styled import message_styled
from tenantry.text.plain import plain
from tenantry.text.wrapping import sentence
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.http.traffic_log import TRAFFIC_VARIABLE, traffic_in

INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C ended."""
LOCKED = "the stack is currently locked"
WAYS_OUT = {
    "no stack named": "Make it with `{pulumi} stack init {stack}` in {folder}, or name another with --stack.",
    LOCKED: "Nothing was begun. If that run still goes on, wait for it. If it was killed, "
    "clear its lock with `{pulumi} cancel --yes --stack {stack}` in {folder} and run again: what it had begun is found "
    "in Twilio, and nothing is made twice.",
    "must be set for login": "Nothing was begun. Run `{pulumi} login`, or set PULUMI_BACKEND_URL to where states are.",
    "incorrect passphrase": "Nothing was begun. Set PULUMI_CONFIG_PASSPHRASE to that with which {stack} was made.",
}
"""What to do about Pulumi's own words, by a part of them (CLI 3.259)."""
ASK_DOCTOR = "\nNothing was begun. `tenantry doctor` looks at the engine, the backend and the credentials."
STRAYS = 3
"""So many are named: they come from one line of a component, once for each tenant."""


@dataclass(frozen=True)
class Ran:
    """A finished run of Pulumi, and what it cost at Twilio's API."""

    exit_code: int
    events: tuple[Event, ...]
    interrupted: bool
    traffic: Traffic
    is_whole: bool = True
    """Whether its events are all that it planned or did."""
    is_partial: bool = False
    """Whether they are no plan, because it is not whole or its program ended too early."""


@contextmanager
def beginning(project: Project) -> Iterator[None]:
    """End the command if Pulumi can't even start."""
    try:
        yield
    except CommandError as error:
        fail(never_begun(project, error))


def counted(
    run: Callable[..., Run], project: Project, slugs: Collection[str] | None, listener: Listener, **options: Any
) -> Ran:
    """Run Pulumi and count what it costs; raises CommandError if it can't even start."""
    with TemporaryDirectory(prefix="tenantry-traffic-") as folder:
        log = Path(folder, "counts")
        log.touch()
        project = replace(project, environ={**project.environ, TRAFFIC_VARIABLE: str(log)})
        done = run(project, slugs=slugs, on_event=listener.event, on_idle=listener.idle, **options)
        return Ran(done.exit_code, done.events, done.interrupted, traffic_in(log), done.is_whole, done.is_partial)


def end_if_interrupted(ran: Ran) -> None:
    """End the command if Ctrl-C, SIGTERM or SIGHUP ended its preview."""
    if ran.interrupted:
        tell_lines([sentence("Interrupted, in the preview: nothing was changed. Run again to go on.")], err=True)
        raise SystemExit(INTERRUPTED)


def tell_messages(plan: Plan) -> None:
    """Print errors, violated policies and warnings on stderr, each sentence once with the resources it is about."""
    for message in messages_of((*plan.errors, *plan.warnings), plan.violations):
        tell_lines(message_styled(message), err=True)


def tell_strays(ran: Ran, tenants: Collection[str]) -> None:
    """Warn on stderr of resources that `--only` and `--changed-since` would pass over."""
    for name in strays(ran.events, tenants)[:STRAYS]:
        told = (
            f"warning: {plain(name)}: a run for some tenants alone passes this resource over, because its name does "
            "not begin with its tenant's slug and a slash. Name it so in components/; an alias keeps its state."
        )
        tell_lines([sentence(told)], err=True)


def never_begun(project: Project, error: CommandError) -> str:
    """Return an error of a Pulumi that can't even start, with what to do about it."""
    return f"{error}{way_out(project, str(error)) or ASK_DOCTOR}"


def way_out(project: Project, said: str) -> str:
    """Return what to do about Pulumi's own words, on a line of its own; empty where we don't know it."""
    pulumi = "pulumi" if project.engine.origin == "PATH" else project.engine.binary
    way = next((way for words, way in WAYS_OUT.items() if words in said), "")
    return way and "\n" + way.format(pulumi=pulumi, stack=project.stack, folder=project.folder)
