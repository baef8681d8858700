"""A small Pulumi project of these tests, with a stack of its own, on a given engine."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from conftest_engine import ROOT

from tenantry.engine.install.find import Engine
from tenantry.engine.install.toolchain import EMPTY_LOCK, LOCK
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project, select_stack

PROJECT = """\
name: tiny
runtime: {{name: python, options: {{toolchain: uv, virtualenv: {virtualenv}}}}}
plugins: {{providers: [{{name: pulumi-python, path: {plugin}}}]}}
"""


@dataclass(frozen=True)
class TinyProject:
    """`tests/engine/tiny`, steered by environment variables."""

    project: Project

    def where(self, **variables: str) -> Project:
        """Return the project with these variables set."""
        project = self.project
        return Project(project.folder, project.stack, project.engine, {**project.environ, **variables})


def tiny(folder: Path, engine: Engine) -> TinyProject:
    """Make the project in a folder."""
    (folder / "Pulumi.yaml").write_text(PROJECT.format(virtualenv=sys.prefix, plugin=ROOT / "plugin"))
    for source in (Path(__file__).parent / "tiny").glob("*.py"):
        (folder / source.name).write_text(source.read_text())
    (folder / LOCK).write_text(EMPTY_LOCK)
    environ = {**os.environ, **local_backend(folder / "backend"), "PULUMI_PYTHON_CMD": sys.executable}
    project = Project(folder, "dev", engine, environ)
    select_stack(project)
    return TinyProject(project)
