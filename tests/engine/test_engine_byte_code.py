"""Where the environment lets Python keep no byte code, the processes of a run keep theirs in our cache."""

import subprocess
import sys

import pytest

from tenantry.engine.run import byte_code
from tenantry.engine.run.byte_code import is_compiled, keep_byte_code


@pytest.fixture
def container(tmp_path, monkeypatch):
    """The variables of a container whose packages were installed without byte code."""
    monkeypatch.setattr(byte_code, "is_compiled", lambda _package: False)
    return {"PYTHONDONTWRITEBYTECODE": "1", "XDG_CACHE_HOME": str(tmp_path / "cache")}


def test_it_goes_into_a_folder_of_this_user_alone(container, tmp_path):
    folder = tmp_path / "cache" / "tenantry" / "byte-code"
    assert keep_byte_code(container) == {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder)}
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "other",
    [{"PYTHONDONTWRITEBYTECODE": ""}, {"PYTHONPYCACHEPREFIX": "/elsewhere"}],
    ids=["it is kept", "it goes elsewhere"],
)
def test_who_keeps_it_already_is_left_alone(container, other):
    assert keep_byte_code({**container, **other}) == {}


def test_packages_that_were_compiled_when_installed_are_left_alone(container, monkeypatch):
    monkeypatch.setattr(byte_code, "is_compiled", lambda _package: True)
    assert keep_byte_code(container) == {}


def test_a_cache_that_others_can_write_is_not_used(container, tmp_path):
    folder = tmp_path / "cache" / "tenantry" / "byte-code"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert keep_byte_code(container) == {}


def test_a_python_with_these_variables_writes_it_there_and_nowhere_else(container, tmp_path):
    (tmp_path / "some_module.py").write_text("x = 1\n")
    command = [sys.executable, "-c", "import some_module"]
    subprocess.run(command, cwd=tmp_path, env={**container, **keep_byte_code(container)}, check=True)
    found = [path.relative_to(tmp_path).parts[:3] for path in tmp_path.rglob("some_module*.pyc")]
    assert found == [("cache", "tenantry", "byte-code")]


def test_our_own_command_keeps_it_there_too(container, tmp_path):
    (tmp_path / "some_module.py").write_text("x = 1\n")
    code = (
        "import os; from tenantry.engine.run import byte_code; byte_code.is_compiled = lambda _: False; "
        "byte_code.keep_own_byte_code(os.environ); import some_module; print(byte_code.keep_byte_code(os.environ))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=container, capture_output=True, encoding="utf-8", check=True)
    found = [path.relative_to(tmp_path).parts[:3] for path in tmp_path.rglob("some_module*.pyc")]
    assert (found, "PYTHONPYCACHEPREFIX" in done.stdout) == ([("cache", "tenantry", "byte-code")], True)


def test_whether_a_package_is_compiled_is_known_without_importing_it(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "some_package.py").write_text("raise SystemExit\n")
    assert not is_compiled("some_package")
    assert not is_compiled("no_such_package")
    subprocess.run([sys.executable, "-m", "py_compile", "some_package.py"], cwd=tmp_path, check=True)
    assert is_compiled("some_package")
