"""What a run would find here, each thing as soon as it is known."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from tenantry.engine.install.doctor import Finding, examine_address, examine_clock, examine_engine
from tenantry.engine.run.command import Project
from tenantry.operations.doctor.stack import SeenStack, examine_stack
from tenantry.operations.doctor.twilio import examine_credentials


def examine(folder: Path, environ: Mapping[str, str], stack: str | None = None) -> Iterator[Finding]:
    """Yield the findings for the project in a folder and a stack of it, each as soon as it is known."""
    named = stack or environ.get("PULUMI_STACK") or None
    engine = yield from examine_engine(folder, environ)
    seen = SeenStack(named)
    if engine is not None:
        seen = yield from examine_stack(Project(folder, "", engine, environ), named)
    yield examine_credentials(environ, seen)
    yield from examine_address(environ)
    yield examine_clock(environ)
