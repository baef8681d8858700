"""One run of Pulumi for an operation: its events, what it cost at Twilio, and what to do where it can't begin."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tenantry.engine.run.command import CommandError, Project, Run
from tenantry.operations.errors import StoppedError
from tenantry.operations.run_listener import RunListener
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.http.traffic_log import TRAFFIC_VARIABLE, read_traffic

LOCKED = "the stack is currently locked"
WAYS_OUT = {
    "no stack named": "Make it with `{pulumi} stack init {stack}` in {folder}, or name another with --stack.",
    LOCKED: "Nothing was begun. If that run still goes on, wait for it. If it was killed, "
    "clear its lock with `{pulumi} cancel --yes --stack {stack}` in {folder} and run again: what it had begun is found "
    "in Twilio, and nothing is made twice.",
    "must be set for login": "Nothing was begun. Run `{pulumi} login`, or set PULUMI_BACKEND_URL to your backend.",
    "incorrect passphrase": "Nothing was begun. Set PULUMI_CONFIG_PASSPHRASE to the passphrase of {stack}.",
}
"""What to do about Pulumi's own words, by a part of them (CLI 3.259)."""
ASK_DOCTOR = "\nNothing was begun. `tenantry doctor` looks at the engine, the backend and the credentials."


@dataclass(frozen=True)
class CountedRun(Run):
    """A finished run of Pulumi, and what it cost at Twilio's API."""

    traffic: Traffic = field(default_factory=Traffic)


def run_counted(
    run: Callable[..., Run], project: Project, slugs: Collection[str] | None, listener: RunListener, **options: Any
) -> CountedRun:
    """Run Pulumi and count what it costs; raises CommandError if it can't even start."""
    with counting(project) as (counted, counts):
        finished = run(counted, slugs=slugs, on_event=listener.event, on_idle=listener.idle, **options)
        return CountedRun(**vars(finished), traffic=read_traffic(counts))


@contextmanager
def counting(project: Project) -> Iterator[tuple[Project, Path]]:
    """Yield a project whose runs count what they cost, and the file in which they do."""
    with TemporaryDirectory(prefix="tenantry-traffic-") as folder:
        counts = Path(folder, "counts")
        counts.touch()
        yield replace(project, environ={**project.environ, TRAFFIC_VARIABLE: str(counts)}), counts


@contextmanager
def stop_on_errors(project: Project) -> Iterator[None]:
    """Turn what could not begin into a StoppedError, with the way out."""
    try:
        yield
    except CommandError as error:
        way = find_way_out(project, str(error)) or ASK_DOCTOR
        raise StoppedError(f"{error}{way}") from error
    except TwilioError as error:
        raise StoppedError(f"{error} Nothing was changed.") from error


def find_way_out(project: Project, message: str) -> str:
    """Return what to do about Pulumi's own words, on a line of its own; empty where we don't know it."""
    pulumi = "pulumi" if project.engine.origin == "PATH" else project.engine.binary
    way = next((way for words, way in WAYS_OUT.items() if words in message), "")
    return way and "\n" + way.format(pulumi=pulumi, stack=project.stack, folder=project.folder)
