"""What Pulumi's own Python language host refuses, the stand-in refuses too; both are asked where both are there."""

import os
import sys
from pathlib import Path

import pytest
from language_hosts import Place, place_of

from tenantry.engine.install.find import language_host
from tenantry.engine.install.toolchain import EMPTY_LOCK

PYPROJECT = '[project]\nname = "app"\nversion = "0"\n'
UV = {"toolchain": "uv"}

# Each: what the project holds, the options of Pulumi.yaml, what of Pulumi's words is told.
WITH_UV = {
    "without a uv.lock": ({}, UV, "could not find uv.lock: file does not exist"),
    "without a uv.lock, by a pyproject.toml": ({"app/pyproject.toml": PYPROJECT}, UV, "could not find uv.lock"),
    "with a uv.lock below only": ({"app/below/uv.lock": EMPTY_LOCK}, UV, "could not find uv.lock"),
    "with a uv.lock that can't be read": ({"uv.lock": "[[package\n"}, UV, "project/uv.lock"),
    "with a toolchain that nobody knows": ({}, {"toolchain": "conda"}, "unsupported toolchain option: conda"),
    "with a toolchain that is no text": ({}, {"toolchain": 3}, "toolchain option must be a string"),
    "with a virtualenv that is no text": ({"uv.lock": EMPTY_LOCK}, {"virtualenv": True}, "virtualenv option must be a"),
    "with a type checker that nobody knows": ({}, {"typechecker": "pyre"}, "unsupported typechecker option: pyre"),
    "with poetry, which is not there": ({}, {"toolchain": "poetry"}, "Could not find `poetry` executable"),
    "with a poetry.lock above": ({"poetry.lock": ""}, {}, "Could not find `poetry` executable"),
}
WITHOUT_UV = {
    "with the toolchain uv": ({"uv.lock": EMPTY_LOCK}, UV),
    "with a virtualenv of its own": ({"uv.lock": EMPTY_LOCK}, {**UV, "virtualenv": sys.prefix}),
    "with a uv.lock above and no toolchain": ({"uv.lock": EMPTY_LOCK}, {}),
}
# Each: what the project holds, its virtualenv option, UV_PROJECT_ENVIRONMENT, the virtual environment that is taken.
ORDER = {
    "by its option": ({"uv.lock": EMPTY_LOCK}, "own", "/elsewhere", "/app/own"),
    "by uv's own variable, beside uv.lock": ({"uv.lock": EMPTY_LOCK}, "", "named", "/named"),
    "beside uv.lock": ({"uv.lock": EMPTY_LOCK, "app/pyproject.toml": PYPROJECT}, "", "", "/.venv"),
    "beside the nearest uv.lock": ({"uv.lock": EMPTY_LOCK, "app/uv.lock": EMPTY_LOCK}, "", "", "/app/.venv"),
    "beside pyproject.toml without a uv.lock": ({"pyproject.toml": PYPROJECT}, "", "", "/.venv"),
    "in the program's folder": ({}, "", "", "/app/.venv"),
}


@pytest.fixture(params=["stand-in", "Pulumi's own"])
def place(request, tmp_path, installed_stand_in, own_host) -> Place:
    engine = installed_stand_in if request.param == "stand-in" else own_host
    if engine is None:
        pytest.skip("this machine has no Python language host of Pulumi's own")
    return place_of(tmp_path, language_host(engine, os.environ))


def venv(folder: Path, python: str = sys.executable) -> None:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(python)


@pytest.mark.parametrize("case", WITH_UV)
def test_a_project_is_refused(place, case):
    files, options, words = WITH_UV[case]
    place.uv()
    place.write(files)
    assert words in place.refusal(**options)


@pytest.mark.parametrize("case", WITHOUT_UV)
def test_without_uv_on_path_a_project_is_refused(place, case):
    files, options = WITHOUT_UV[case]
    place.write(files)
    assert "Could not find `uv` executable" in place.refusal(**options)


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("uv 0.4.25", "less than the minimum required version 0.4.26"),
        ("hello", "unexpected output from `uv --version`"),
    ],
)
def test_a_uv_that_is_too_old_or_none_is_refused(place, says, words):
    place.uv(says)
    place.write({"uv.lock": EMPTY_LOCK})
    assert words in place.refusal(**UV)


@pytest.mark.parametrize("case", ORDER)
def test_the_virtual_environment_is_looked_for_in_this_order(place, case):
    files, option, variable, expected = ORDER[case]
    place.uv()
    place.write(files)
    place.environ.update({"UV_PROJECT_ENVIRONMENT": variable} if variable else {})
    place.refusal(**UV, **({"virtualenv": option} if option else {}))
    assert place.calls()[0] == f"/app|{expected}|venv --quiet --allow-existing {expected}"


def test_a_program_is_run_after_a_sync_where_there_is_a_pyproject(place):
    place.uv()
    place.write({"uv.lock": EMPTY_LOCK, "pyproject.toml": PYPROJECT})
    venv(place.folder / "project" / ".venv")
    place.run(**UV)
    assert place.calls() == ["/app|/.venv|sync --inexact"]


def test_a_program_is_run_without_a_sync_where_there_is_no_pyproject(place):
    place.uv(sync="exit 1")
    place.write({"uv.lock": EMPTY_LOCK})
    venv(place.app / ".venv")
    assert place.list_required(**UV, virtualenv=".venv") == []
    assert "program exited with non-zero exit code" in place.run(**UV, virtualenv=".venv")
    assert place.calls() == []


def test_a_sync_that_fails_stops_the_program_with_its_words(place):
    place.uv(sync="echo 'no such package' >&2; exit 2")
    place.write({"uv.lock": EMPTY_LOCK, "pyproject.toml": PYPROJECT})
    refusal = place.refusal(**UV)
    assert "error creating virtual environment: exit status 2: no such package" in refusal


def test_a_pyproject_without_a_project_is_refused(place):
    place.uv()
    place.write({"pyproject.toml": "[tool.other]\n"})
    venv(place.folder / "project" / ".venv")
    with pytest.raises(Exception, match=r"is missing a \[project\] section"):
        place.run(**UV)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"toolchain": "uv", "virtualenv": "gone"}, "gone' is not a virtualenv"),
        ({"toolchain": "pip", "virtualenv": "gone"}, "The 'virtualenv' option in Pulumi.yaml is set to \"gone\""),
    ],
)
def test_a_program_is_refused_whose_virtual_environment_is_none(place, options, words):
    place.uv()
    with pytest.raises(Exception, match=words):
        place.run(**options)


def test_a_virtual_environment_without_pip_is_refused_by_the_toolchain_pip(place):
    (place.app / "own" / "bin").mkdir(parents=True)
    bare = place.app / "own" / "bin" / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    bare.chmod(0o755)
    assert "-m pip list --format json`: exit status 1" in place.refusal(toolchain="pip", virtualenv="own")


def test_plugins_of_the_packages_in_uv_lock_are_asked_for(place):
    place.uv()
    packages = "".join(
        f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = {source}\n'
        for name, version, source in (
            ("app", "0", '{ virtual = "." }'),
            ("pulumi-policy", "1.20.0", '{ registry = "r" }'),
            ("pulumi-random", "4.19.2", '{ registry = "r" }'),
            ("requests", "2.32.5", '{ registry = "r" }'),
        )
    )
    place.write({"uv.lock": f"{EMPTY_LOCK}\n{packages}"})
    venv(place.app / ".venv")
    assert place.list_required(**UV, virtualenv=".venv") == ["random"]
