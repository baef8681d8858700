"""Whether our commands start a project's program themselves, and with which Python."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tenantry.engine.install.find import Engine
from tenantry.engine.install.interpreter import EXECUTOR, USE_PULUMIS, Interpreter, find_interpreter

PROJECT = "name: tiny\nruntime: {name: python, options: {toolchain: uv, virtualenv: .venv}}\n"
Finder = Callable[..., Interpreter | None]


def touch(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def folder(tmp_path) -> Path:
    """A project with a virtual environment, and uv's files."""
    project = tmp_path / "project"
    touch(project / "Pulumi.yaml", PROJECT)
    touch(project / ".venv" / "bin" / "python")
    for name in ("uv.lock", "pyproject.toml"):
        touch(project / name)
    return project


@pytest.fixture
def find(tmp_path, folder) -> Finder:
    """`find(sync="exit 1", NAME="value")`: what `uv sync` does, and variables of the shell."""
    engine = Engine(touch(tmp_path / "engine" / "pulumi"), (3, 259, 0), "PATH")
    touch(tmp_path / "engine" / EXECUTOR)

    def find_with(sync: str = "true", **environ: str) -> Interpreter | None:
        uv = touch(
            tmp_path / "tools" / "uv", f'#!/bin/sh\necho "$@ $UV_PROJECT_ENVIRONMENT" >> {folder}/asked\n{sync}\n'
        )
        return find_interpreter(folder, engine, {"PATH": f"{uv.parent}:/usr/bin:/bin", **environ})

    return find_with


def test_a_projects_environment_is_brought_up_to_date_once_and_activated(find, folder, tmp_path):
    found = find(PYTHONHOME="/elsewhere", OWN="kept")
    home = folder / ".venv"
    assert (found.python, found.executor) == (home / "bin" / "python", tmp_path / "engine" / EXECUTOR)
    assert found.environ["PATH"].startswith(f"{home / 'bin'}:")
    assert (found.environ["VIRTUAL_ENV"], found.environ["OWN"]) == (str(home), "kept")
    assert "PYTHONHOME" not in found.environ
    assert (folder / "asked").read_text() == f"sync --inexact {home}\n"


def test_plugins_are_told_the_options_of_the_project(find):
    assert find().variables == {"PULUMI_RUNTIME_TOOLCHAIN": "uv", "PULUMI_RUNTIME_VIRTUALENV": ".venv"}


@pytest.mark.parametrize(
    "text",
    [
        PROJECT.replace(", virtualenv: .venv", ""),
        "{name: tiny, runtime: python}",
        "{name: tiny, runtime: {name: python, options: {toolchain: pip, virtualenv: .venv}}}",
    ],
)
def test_each_way_to_name_an_environment_is_known(find, folder, text):
    touch(folder / "Pulumi.yaml", text)
    assert find().python == folder / ".venv" / "bin" / "python"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name: [",
        "- 1",
        "{name: tiny, runtime: nodejs}",
        "{name: tiny, runtime: {name: python, options: {toolchain: poetry, virtualenv: .venv}}}",
        "{name: tiny, runtime: {name: python, options: {toolchain: pip}}}",
        "{name: tiny, runtime: {name: python, options: {virtualenv: .venv, typechecker: mypy}}}",
        "{name: tiny, runtime: {name: python, options: {virtualenv: 1}}}",
        f"{PROJECT}packages: {{other: terraform-provider}}\n",
    ],
)
def test_what_only_pulumis_host_knows_is_left_to_it(find, folder, text):
    touch(folder / "Pulumi.yaml", text)
    assert find() is None


@pytest.mark.parametrize("variable", [USE_PULUMIS, "PULUMI_DEBUG_LANGUAGES"])
def test_a_variable_leaves_all_programs_to_pulumis_host(find, variable):
    assert find(**{variable: "1"}) is None


def test_a_failing_uv_is_left_to_pulumis_host(find):
    assert find("exit 1") is None


def test_an_environment_that_is_not_there_is_left_to_pulumis_host(find, folder):
    (folder / ".venv" / "bin" / "python").unlink()
    assert find() is None


@pytest.mark.parametrize("name", ["pulumi_aws-7.1.0.dist-info/METADATA", "owl_components/pulumi-plugin.json"])
def test_packages_whose_plugins_pulumi_installs_are_left_to_its_host(find, name):
    assert (
        find(
            f"mkdir -p $(dirname $UV_PROJECT_ENVIRONMENT/lib/python3.12/site-packages/{name})\n"
            f"touch $UV_PROJECT_ENVIRONMENT/lib/python3.12/site-packages/{name}"
        )
        is None
    )


def test_packages_of_pulumi_without_a_plugin_are_no_reason(find, folder):
    packages = folder / ".venv" / "lib" / "python3.12" / "site-packages"
    for name in ("pulumi-3.272.0", "pulumi_policy-1.21.0", "pulumi_esc_sdk-0.12.0"):
        touch(packages / f"{name}.dist-info" / "METADATA")
    touch(packages / "pulumi_policy" / "pulumi-plugin.json", '{"resource": false}')
    assert find() is not None
