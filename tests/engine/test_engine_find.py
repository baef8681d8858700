"""Which Pulumi is taken, and why the others were passed over."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tenantry.engine.install.cache import InstallerError, find_cache_folder
from tenantry.engine.install.find import NoEngineError, find_engine, is_stand_in, language_host
from tenantry.engine.install.versions import MINIMUM, format_version

OLD, NEW = "v3.100.0", f"v{format_version(MINIMUM)}"


def _script(path: Path, body: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def _pulumi(folder: Path, version: str, *, language_host: bool = True) -> Path:
    if language_host:
        _script(folder / "pulumi-language-python")
        _script(folder / "pulumi-language-python-exec")
    return _script(folder / "pulumi", f"echo {version}")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A user with an empty home and only the system's commands on PATH."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sh").symlink_to("/bin/sh")
    return {"HOME": str(tmp_path / "home"), "PATH": f"{tmp_path / 'bin'}"}


def _unreachable(_cache: Path) -> Path:
    raise InstallerError("Pulumi's release can't be reached")


def test_a_new_enough_pulumi_on_path_is_taken(environ, tmp_path):
    binary = _pulumi(tmp_path / "bin", NEW)
    _pulumi(find_cache_folder(environ) / "v9.0.0" / "bin", "v9.0.0")
    engine = find_engine(environ, _unreachable)
    assert (engine.binary, engine.origin, engine.passed_over) == (binary, "PATH", ())


def test_an_old_pulumi_on_path_is_skipped_for_the_cached_one(environ, tmp_path):
    old = _pulumi(tmp_path / "bin", OLD)
    cached = _pulumi(find_cache_folder(environ) / NEW / "bin", NEW)
    engine = find_engine(environ, _unreachable)
    assert (engine.binary, engine.origin) == (cached, "cache")
    assert engine.passed_over == (f"{old} on PATH is 3.100.0, too old (needs {format_version(MINIMUM)} or newer)",)


def test_a_pulumi_on_path_without_its_language_host_is_passed_over(environ, tmp_path):
    _pulumi(tmp_path / "bin", NEW, language_host=False)
    with pytest.raises(NoEngineError, match="has no pulumi-language-python beside it"):
        find_engine(environ, _unreachable)


def test_a_language_host_elsewhere_on_path_will_do(environ, tmp_path):
    _pulumi(tmp_path / "bin", NEW, language_host=False)
    _script(tmp_path / "more" / "pulumi-language-python")
    environ["PATH"] += f"{os.pathsep}{tmp_path / 'more'}"
    assert find_engine(environ, _unreachable).origin == "PATH"


@pytest.mark.parametrize("body", ["echo nonsense", "exit 3", "echo v3"])
def test_a_pulumi_on_path_without_a_version_is_skipped(environ, tmp_path, body):
    _script(tmp_path / "bin" / "pulumi", body)
    with pytest.raises(NoEngineError, match="bin/pulumi version` "):
        find_engine(environ, _unreachable)


def test_the_newest_cached_engine_is_taken(environ):
    for version in ("v3.254.0", "v3.1000.0", "v3.259.0"):
        _pulumi(find_cache_folder(environ) / version / "bin", version)
    assert find_engine(environ, _unreachable).version == (3, 1000, 0)


def test_the_cache_lies_in_xdg_cache_home(environ, tmp_path):
    environ["XDG_CACHE_HOME"] = str(tmp_path / "elsewhere")
    binary = _pulumi(tmp_path / "elsewhere" / "tenantry" / "engine" / NEW / "bin", NEW)
    assert find_engine(environ, _unreachable).binary == binary


def test_a_half_made_install_is_never_used(environ):
    _pulumi(find_cache_folder(environ) / "partial-abc" / "bin", "v9.0.0")
    _pulumi(find_cache_folder(environ) / "v9.0.0" / "bin", "v9.0.0", language_host=False)
    with pytest.raises(NoEngineError, match=re.escape("(v9.0.0: too old or not complete)")):
        find_engine(environ, _unreachable)


def test_pulumis_release_is_the_last_resort(environ, tmp_path):
    engine = find_engine(environ, lambda cache: _pulumi(cache / NEW / "bin", NEW))
    assert (engine.origin, len(engine.passed_over)) == ("release", 2)


def test_without_leave_to_install_nothing_is_installed(environ):
    with pytest.raises(NoEngineError) as error:
        find_engine(environ, install=None)
    assert "release" not in str(error.value)


def test_without_an_engine_the_error_names_every_place_and_next_step(environ):
    with pytest.raises(NoEngineError) as error:
        find_engine(environ, _unreachable)
    text = str(error.value)
    assert "there is no pulumi on PATH" in text
    assert str(find_cache_folder(environ)) in text
    assert "Pulumi's release can't be reached" in text
    assert "make engine" in text


def _make_trusted(environ):
    return _pulumi(find_cache_folder(environ) / NEW / "bin", NEW)


@pytest.mark.parametrize(
    "below", ["..", ".", NEW, f"{NEW}/bin", f"{NEW}/bin/pulumi", f"{NEW}/bin/pulumi-language-python"]
)
def test_an_engine_that_others_can_write_is_not_taken(environ, below):
    _make_trusted(environ)
    path = find_cache_folder(environ) / below
    path.chmod(path.stat().st_mode | 0o022)
    with pytest.raises(NoEngineError, match=r"can be written by other users, .* run `chmod go-w"):
        find_engine(environ, _unreachable)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("below", [".", NEW, f"{NEW}/bin/pulumi"])
def test_an_engine_of_somebody_else_is_not_taken(environ, below):
    _make_trusted(environ)
    os.chown(find_cache_folder(environ) / below, 65534, -1)
    with pytest.raises(NoEngineError, match=r"belongs to .*, who could put another Pulumi there"):
        find_engine(environ, _unreachable)


def test_a_relative_cache_folder_is_not_used(environ, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _pulumi(tmp_path / "cache" / "tenantry" / "engine" / "v9.0.0" / "bin", "v9.0.0")
    binary = _make_trusted(environ)
    assert find_engine({**environ, "XDG_CACHE_HOME": "cache"}, _unreachable).binary == binary
    with pytest.raises(NoEngineError, match="HOME is 'cache', a relative path"):
        find_engine({**environ, "HOME": "cache"}, _unreachable)


@pytest.mark.parametrize("entry", ["", ".", "bin"])
def test_a_pulumi_by_a_relative_entry_of_path_is_not_taken(environ, tmp_path, monkeypatch, entry):
    folder = tmp_path / "project"
    _pulumi(folder / entry, NEW)
    monkeypatch.chdir(folder)
    with pytest.raises(NoEngineError, match="was found by a relative entry of PATH"):
        find_engine({**environ, "PATH": f"{entry}{os.pathsep}{environ['PATH']}"}, _unreachable)


def test_the_language_host_is_the_first_on_path_else_the_one_beside(environ, tmp_path):
    binary = _make_trusted(environ)
    engine = find_engine(environ, _unreachable)
    assert language_host(engine, environ) == binary.with_name("pulumi-language-python")
    link = tmp_path / "linked" / "pulumi"
    link.parent.mkdir()
    link.symlink_to(binary)
    own = _script(tmp_path / "more" / "pulumi-language-python")
    linked = replace(engine, binary=link)
    path = f"{environ['PATH']}{os.pathsep}{own.parent}"
    assert language_host(linked, environ) == binary.with_name("pulumi-language-python")
    assert language_host(linked, {**environ, "PATH": path}) == own
    ignoring = {**environ, "PATH": path, "PULUMI_IGNORE_AMBIENT_PLUGINS": "true"}
    assert language_host(linked, ignoring) == binary.with_name("pulumi-language-python")


def test_the_stand_in_is_known_by_its_first_lines(installed_stand_in, tmp_path):
    assert is_stand_in(installed_stand_in.binary.with_name("pulumi-language-python"))
    assert not is_stand_in(_script(tmp_path / "shim", "exec /opt/pulumi/pulumi-language-python"))
    assert not is_stand_in(tmp_path / "nothing")
