"""The version of a Pulumi on PATH is asked once for each binary."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tenantry.engine.install.cache import find_cache_folder
from tenantry.engine.install.known_version import REMEMBERED, known_version

VERSION, LATER = (3, 259, 0), (3, 260, 0)


class Asked:
    """Answers with a version, and counts how often somebody asks."""

    def __init__(self, version: tuple[int, int, int]) -> None:
        self.version = version
        self.times = 0

    def __call__(self) -> tuple[int, int, int]:
        self.times += 1
        return self.version


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home")}


@pytest.fixture
def binary(tmp_path: Path) -> Path:
    return Path(shutil.copy(Path(sys.executable).resolve(), tmp_path / "pulumi"))


def test_a_binary_is_asked_once(environ, binary):
    ask = Asked(VERSION)
    assert [known_version(binary, environ, ask) for _ in range(3)] == [VERSION] * 3
    assert ask.times == 1


def test_a_binary_that_was_replaced_is_asked_again(environ, binary):
    known_version(binary, environ, Asked(VERSION))
    with binary.open("ab") as file:
        file.write(b"more")
    assert known_version(binary, environ, Asked(LATER)) == LATER
    assert known_version(binary, environ, Asked(VERSION)) == LATER


def test_a_binary_of_the_same_size_from_another_moment_is_asked_again(environ, binary):
    known_version(binary, environ, Asked(VERSION))
    os.utime(binary, ns=(1, 1))
    assert known_version(binary, environ, Asked(LATER)) == LATER


def test_a_script_is_asked_each_time(environ, tmp_path):
    script = tmp_path / "pulumi"
    script.write_text("#!/bin/sh\nexec real-pulumi\n")
    known_version(script, environ, Asked(VERSION))
    assert known_version(script, environ, Asked(LATER)) == LATER


def test_a_shim_of_a_version_manager_is_asked_each_time(environ, binary):
    manager = binary.rename(binary.with_name("manager"))
    binary.symlink_to(manager)
    known_version(binary, environ, Asked(VERSION))
    assert known_version(binary, environ, Asked(LATER)) == LATER


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"PATH": 3}', '{"PATH": []}', '{"PATH": [1, 2, 3, "no"]}'])
def test_a_file_that_is_none_of_ours_is_written_anew(environ, binary, text):
    file = find_cache_folder(environ) / REMEMBERED
    file.parent.mkdir(parents=True)
    file.write_text(text.replace("PATH", str(binary)))
    assert known_version(binary, environ, Asked(VERSION)) == VERSION
    assert known_version(binary, environ, Asked(LATER)) == VERSION
    assert json.loads(file.read_text())[str(binary)][-1] == "v3.259.0"


def test_where_nothing_can_be_remembered_it_is_asked_each_time(environ, binary):
    Path(environ["HOME"]).write_text("a file and no folder")
    ask = Asked(VERSION)
    assert [known_version(binary, environ, ask) for _ in range(2)] == [VERSION] * 2
    assert ask.times == 2


def test_a_home_that_is_relative_is_written_nowhere(binary, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert known_version(binary, {"HOME": "home"}, Asked(VERSION)) == VERSION
    assert not (tmp_path / "home").exists()
