"""What a project lacks before Pulumi can run it, and the uv that our commands put on PATH."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tenantry.engine.install.find import Engine
from tenantry.engine.install.lent import NoToolchainError, lend_packages
from tenantry.engine.install.toolchain import EMPTY_LOCK, add_uv_to_path, find_missing
from tenantry.engine.run.command import CommandError, Project, preview, up
from tenantry.engine.run.environment import environment

PROJECT = "name: tiny\nruntime: {name: python, options: {toolchain: uv, virtualenv: .venv}}\n"


def script(path: Path, body: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path, monkeypatch) -> dict[str, str]:
    """A shell without uv, whose Python has none beside it."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    return {"PATH": str(tmp_path / "nothing")}


@pytest.fixture
def with_uv(tmp_path, bare) -> dict[str, str]:
    return {"PATH": str(script(tmp_path / "tools" / "uv").parent)}


@pytest.fixture
def folder(tmp_path) -> Path:
    created = tmp_path / "project"
    created.mkdir()
    (created / "Pulumi.yaml").write_text(PROJECT)
    return created


def test_a_project_without_uv_on_path_is_told_to_install_it(folder, bare):
    assert "needs uv on PATH: install it (https://docs.astral.sh/uv/)" in str(find_missing(folder, bare))


def test_a_project_before_uv_sync_is_told_to_run_it(folder, with_uv):
    assert "there is no uv.lock in" in str(find_missing(folder, with_uv))
    assert "run `uv sync` there" in str(find_missing(folder, with_uv))


def test_a_uv_lock_above_will_do(folder, with_uv):
    (folder.parent / "uv.lock").write_text(EMPTY_LOCK)
    assert find_missing(folder, with_uv) is None


@pytest.mark.parametrize("text", ["", "- 1", "name: [", "runtime: python", "runtime: {options: {toolchain: pip}}"])
def test_a_project_without_the_toolchain_uv_lacks_nothing(folder, bare, text):
    (folder / "Pulumi.yaml").write_text(text)
    assert find_missing(folder, bare) is None


def test_without_a_toolchain_a_uv_lock_asks_for_uv(folder, bare):
    (folder / "Pulumi.yaml").write_text("runtime: python")
    (folder / "uv.lock").write_text(EMPTY_LOCK)
    assert "needs uv on PATH" in str(find_missing(folder, bare))


@pytest.mark.parametrize("run", [preview, up])
def test_nothing_is_started_in_a_project_that_lacks_something(folder, with_uv, run):
    engine = Engine(script(folder / "pulumi", f"touch {folder}/started"), (3, 259, 0), "PATH")
    with pytest.raises(CommandError, match="run `uv sync` there"):
        run(Project(folder, "dev", engine, with_uv))
    assert not (folder / "started").exists()


def test_a_uv_on_path_is_taken_before_all_others(with_uv, tmp_path):
    other = script(tmp_path / "other" / "uv")
    assert add_uv_to_path({**with_uv, "UV": str(other)}) == with_uv["PATH"]


@pytest.mark.parametrize("place", ["run", "bin"])
def test_the_uv_that_ran_us_comes_last_on_path(bare, tmp_path, folder, place):
    uv = script(tmp_path / place / "uv")
    environ = bare | ({"UV": str(uv)} if place == "run" else {})
    assert add_uv_to_path(environ) == f"{bare['PATH']}{os.pathsep}{uv.parent}"
    project = Project(folder, "dev", Engine(tmp_path / "pulumi", (3, 259, 0), "PATH"), environ)
    assert environment(project)["PATH"] == f"{tmp_path}{os.pathsep}{bare['PATH']}{os.pathsep}{uv.parent}"


@pytest.mark.parametrize("uv", ["uv", "./uv", "/etc/hostname"])
def test_a_variable_that_names_no_uv_is_not_followed(bare, tmp_path, monkeypatch, uv):
    monkeypatch.chdir(script(tmp_path / "here" / "uv").parent)
    assert add_uv_to_path({**bare, "UV": uv}) == bare["PATH"]


def test_lent_packages_are_there_and_ours_stay_as_they_are(folder):
    lend_packages(folder, os.environ)
    code = "import tenantry, sys; from importlib.metadata import version; print(version('pulumi'), sys.prefix)"
    python = folder / ".venv" / "bin" / "python"
    done = subprocess.run([python, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [version("pulumi"), str(folder / ".venv")]
    assert not (folder / ".venv").is_symlink()


def test_uv_finds_nothing_to_do_in_a_project_with_lent_packages(folder, tmp_path):
    path = add_uv_to_path(os.environ)
    foreign = '[project]\nname = "foreign"\nversion = "1"\ndependencies = ["no-such-package"]\n'
    (tmp_path / "pyproject.toml").write_text(foreign + '[tool.uv.workspace]\nmembers = ["*"]\n')
    environ = lend_packages(folder, {**os.environ, "PATH": path, "UV_PYTHON": "3.99", "UV_OFFLINE": "1"})
    environ = {**environ, "UV_PROJECT_ENVIRONMENT": str(folder / ".venv"), "UV_OFFLINE": "1"}
    held = sorted((folder / ".venv").rglob("*"))
    done = subprocess.run(["uv", "sync", "--inexact"], cwd=folder, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in {*(folder / ".venv").rglob("*")} ^ {*held}} <= {".lock"}
    assert not (tmp_path / "uv.lock").exists()


def test_without_uv_packages_are_lent_to_the_toolchain_pip(folder, bare, monkeypatch):
    monkeypatch.setattr("tenantry.engine.install.lent.find_spec", lambda name: name)
    monkeypatch.setattr(sys, "executable", sys._base_executable)
    lend_packages(folder, bare)
    assert "toolchain: pip" in (folder / "Pulumi.yaml").read_text()
    assert find_missing(folder, bare) is None


def test_without_uv_and_pip_it_is_said_what_to_install(folder, bare, monkeypatch):
    monkeypatch.setattr("tenantry.engine.install.lent.find_spec", lambda name: None)
    with pytest.raises(NoToolchainError, match="install uv"):
        lend_packages(folder, bare)
