"""Which Pulumi is taken, and why the others were passed over."""

import os
import re
import time
from pathlib import Path

import pytest

from tenantry.engine.install.find import NoEngineError, cache_folder, find_engine
from tenantry.engine.install.official import InstallerError, install_official
from tenantry.engine.install.versions import MINIMUM, written

OLD, NEW = "v3.100.0", f"v{written(MINIMUM)}"


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
    raise InstallerError("Pulumi's installer can't be reached")


def test_a_new_enough_pulumi_on_path_is_taken(environ, tmp_path):
    binary = _pulumi(tmp_path / "bin", NEW)
    _pulumi(cache_folder(environ) / "v9.0.0" / "bin", "v9.0.0")
    engine = find_engine(environ, _unreachable)
    assert (engine.binary, engine.origin, engine.passed_over) == (binary, "PATH", ())


def test_a_pulumi_on_path_that_is_too_old_is_passed_over_for_the_cached_one(environ, tmp_path):
    old = _pulumi(tmp_path / "bin", OLD)
    cached = _pulumi(cache_folder(environ) / NEW / "bin", NEW)
    engine = find_engine(environ, _unreachable)
    assert (engine.binary, engine.origin) == (cached, "cache")
    assert engine.passed_over == (f"{old} on PATH is 3.100.0, too old (needs {written(MINIMUM)} or newer)",)


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
def test_a_pulumi_on_path_that_does_not_say_its_version_is_passed_over(environ, tmp_path, body):
    _script(tmp_path / "bin" / "pulumi", body)
    with pytest.raises(NoEngineError, match="bin/pulumi version` "):
        find_engine(environ, _unreachable)


def test_the_newest_cached_engine_is_taken(environ):
    for version in ("v3.254.0", "v3.1000.0", "v3.259.0"):
        _pulumi(cache_folder(environ) / version / "bin", version)
    assert find_engine(environ, _unreachable).version == (3, 1000, 0)


def test_the_cache_lies_in_xdg_cache_home(environ, tmp_path):
    environ["XDG_CACHE_HOME"] = str(tmp_path / "elsewhere")
    binary = _pulumi(tmp_path / "elsewhere" / "tenantry" / "engine" / NEW / "bin", NEW)
    assert find_engine(environ, _unreachable).binary == binary


def test_a_half_made_install_is_never_used(environ):
    _pulumi(cache_folder(environ) / "partial-abc" / "bin", "v9.0.0")
    _pulumi(cache_folder(environ) / "v9.0.0" / "bin", "v9.0.0", language_host=False)
    with pytest.raises(NoEngineError, match=re.escape("(v9.0.0: too old or not complete)")):
        find_engine(environ, _unreachable)


def test_pulumis_installer_is_the_last_resort(environ, tmp_path):
    engine = find_engine(environ, lambda cache: _pulumi(cache / NEW / "bin", NEW))
    assert (engine.origin, len(engine.passed_over)) == ("installer", 2)


def test_without_leave_to_install_nothing_is_installed(environ):
    with pytest.raises(NoEngineError) as error:
        find_engine(environ, install=None)
    assert "installer" not in str(error.value)


def test_with_no_engine_anywhere_the_error_names_every_place_and_what_to_do(environ):
    with pytest.raises(NoEngineError) as error:
        find_engine(environ, _unreachable)
    text = str(error.value)
    assert "there is no pulumi on PATH" in text
    assert str(cache_folder(environ)) in text
    assert "Pulumi's installer can't be reached" in text
    assert "make engine" in text


def test_without_the_network_the_installer_gives_up_within_five_seconds(monkeypatch, tmp_path):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    begun = time.monotonic()
    with pytest.raises(InstallerError, match="can't be reached"):
        install_official(tmp_path)
    assert time.monotonic() - begun < 5
    assert list(tmp_path.iterdir()) == []
