"""A preview that Pulumi begins while we read the manifests: each takes half a second and needs nothing of the other.

Only where nothing that we read changes what Pulumi is asked, and where Twilio is asked nothing. The program reads the
same manifests; if we find an error in them, Pulumi is interrupted and what it said is dropped. This file imports no
model of manifests: it is there before they are.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tenantry.engine.install.find import NoEngineError, find_engine
from tenantry.engine.run.command import Begun, CommandError, Project, begin_preview
from tenantry.engine.run.focus import fits
from tenantry.manifest.read_variable import READ_VARIABLE
from tenantry.operations.errors import StoppedError
from tenantry.operations.run_listener import RunListener
from tenantry.operations.stack.policies import Policies
from tenantry.operations.stack.run import CountedRun, counting
from tenantry.operations.stack.variables import STACK, list_variables
from tenantry.operations.stack.wanted import Wanted
from tenantry.twilio.http.traffic_log import read_traffic

SETTINGS = "Pulumi.yaml", "tenantry.yaml"
"""The files without which a folder is no project."""


@dataclass(frozen=True)
class Asked:
    """What a person asked for."""

    root: Path
    stack: str | None
    wanted: Wanted
    policies: Callable[[Path], Policies]
    refresh: bool
    recover: bool


@dataclass(frozen=True)
class Preview:
    """What Pulumi is asked in a preview without a refresh."""

    project: Project
    focus: frozenset[str] | None
    packs: tuple[Path, ...]


@dataclass(frozen=True)
class EarlyPreview:
    """A preview that Pulumi has begun, and the files of it."""

    preview: Preview
    begun: Begun
    counts: Path
    """Counts what it costs at Twilio."""
    manifests: Path
    """Where its program looks for what we have read."""

    def finish(self, listener: RunListener) -> CountedRun:
        """Wait for its end; raises CommandError."""
        finished = self.begun.finish(listener.event, listener.idle)
        return CountedRun(**vars(finished), traffic=read_traffic(self.counts))


@contextmanager
def begin_early(asked: Asked, environ: Mapping[str, str]) -> Iterator[EarlyPreview | None]:
    """Begin a preview, which is interrupted in a context that ends before it; yield None where it has to wait."""
    preview = _choose(asked, environ)
    if preview is None:
        yield None
        return
    with counting(preview.project) as (counted, counts), ExitStack() as until_end:
        manifests = counts.with_name("manifests")
        project = replace(counted, environ={**counted.environ, READ_VARIABLE: str(manifests)})
        beginning = begin_preview(project, slugs=preview.focus, policy_packs=preview.packs)
        try:
            early = EarlyPreview(preview, until_end.enter_context(beginning), counts, manifests)
        except CommandError:  # it is raised again, with what to do, when the preview's turn comes
            early = None
        yield early


def _choose(asked: Asked, environ: Mapping[str, str]) -> Preview | None:
    """Return what Pulumi is to be asked; None where only the manifests can tell, or where something is missing."""
    names = frozenset(asked.wanted.names)
    stack = asked.stack or environ.get(STACK)
    is_project = all((asked.root / name).is_file() for name in SETTINGS)
    if asked.refresh or asked.wanted.changed_since is not None or not stack or not is_project or not fits(names):
        return None
    try:
        engine, packs = find_engine(environ, install=None), asked.policies(asked.root).for_engine
    except (NoEngineError, StoppedError):
        return None
    variables = list_variables(stack, environ, recover=asked.recover)
    return Preview(Project(asked.root.resolve(), stack, engine, {**environ, **variables}), names or None, packs)
