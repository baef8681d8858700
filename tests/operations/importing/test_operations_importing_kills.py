"""An import that is killed anywhere, and run again, ends as one that was not."""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from importing_world import make_ugly

from tenantry.operations.importing.journal import READY, UNFINISHED, finish_writing, write_files

EVENTS = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree"})
FILES = {"tenantry.yaml": b"format: 1\n", "tenants/acme.yaml": b"a", "tenants/birch.yaml": b"b", "plugin/run": b"c"}


def run_killed(work: Callable[[], object], folder: Path, step: int) -> bool:
    """Do work in a process that is killed before its n-th step in a folder; return whether it was killed."""
    process = os.fork()
    if process == 0:
        number = 0

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal number
            if event in EVENTS and str(folder) in str(arguments[:1]):
                number += 1
                if number == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode) for path in paths}


def test_files_are_all_there_or_none_wherever_it_is_killed(tmp_path):
    write_files(whole := tmp_path / "whole", FILES, {"plugin/run"})
    expected, step = contents(whole), 1
    assert os.access(whole / "plugin/run", os.X_OK)
    while True:
        folder = tmp_path / str(step)
        if not run_killed(partial(write_files, folder, FILES, {"plugin/run"}), folder, step):
            break
        moved = finish_writing(folder) if folder.is_dir() else ()
        assert moved or contents(folder) in ({}, expected)
        write_files(folder, FILES, {"plugin/run"})
        assert contents(folder) == expected
        assert not (folder / READY).exists()
        assert not (folder / UNFINISHED).exists()
        step += 1
    assert step > len(FILES) * 3


@pytest.mark.parametrize("step", [1, 60, 180, 240, 260])
def test_an_import_that_is_killed_ends_as_one_that_is_not(fleet, step):
    make_ugly(fleet)
    expected = fleet.run(dry_run=True).texts
    run_killed(fleet.run, fleet.folder, step)
    fleet.run()
    assert {name: content.decode() for name, content in fleet.files().items()} == expected
    assert not list(fleet.folder.glob(".tenantry-import-*"))
