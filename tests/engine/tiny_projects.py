"""A small Pulumi project of these tests, with a stack of its own, on a given engine."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from conftest_engine import ROOT
from e2e_nursery import nursery, warm_environment
from e2e_nursery_door import NURSERY
from e2e_transit import KEY, transit_variables

from tenantry.engine.install.find import Engine
from tenantry.engine.install.toolchain import EMPTY_LOCK, LOCK
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project, run_plain, select_stack

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
        return replace(project, environ={**project.environ, **variables})

    @property
    def cold(self) -> TinyProject:
        """The same project, in which nothing is forked by a nursery."""
        environ = {name: value for name, value in self.project.environ.items() if name != NURSERY}
        return TinyProject(replace(self.project, environ=environ))


def tiny(folder: Path, engine: Engine) -> TinyProject:
    """Make the project in a folder, with a stack that has a passphrase."""
    project = _write(folder, engine, Path(sys.prefix))
    select_stack(project)
    return TinyProject(project)


def warm_tiny(folder: Path, engine: Engine) -> TinyProject:
    """Make the project in a folder; a nursery forks its program and plugin, and the stack has a cheap key.

    The language host starts as the engine's does, cold unless that is a warm one.
    """
    project = _write(folder, engine, warm_environment())
    warm = replace(project, environ={**project.environ, **nursery().variables, **transit_variables()})
    run_plain(warm, "stack", "init", warm.stack, "--secrets-provider", KEY)
    return TinyProject(warm)


def _write(folder: Path, engine: Engine, virtualenv: Path) -> Project:
    (folder / "Pulumi.yaml").write_text(PROJECT.format(virtualenv=virtualenv, plugin=ROOT / "plugin"))
    for source in (Path(__file__).parent / "tiny").glob("*.py"):
        (folder / source.name).write_text(source.read_text())
    (folder / LOCK).write_text(EMPTY_LOCK)
    environ = {**os.environ, **local_backend(folder / "backend"), "PULUMI_PYTHON_CMD": sys.executable}
    return Project(folder, "dev", engine, environ)
