"""An import that is killed anywhere, and run again, ends as one that was not."""

import os
import random
import signal
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from importing_world import make_ugly

from tenantry.operations.errors import InterruptedOperationError
from tenantry.operations.importing.journal import READY, UNFINISHED, finish_writing, write_files

EVENTS = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree"})
FILES = {"tenantry.yaml": b"format: 1\n", "tenants/acme.yaml": b"a", "tenants/birch.yaml": b"b", "plugin/run": b"c"}


KILLS = 20
MOST_STEPS = 260
"""An import of the ugly fleet has a few more."""


def run_killed(work: Callable[[], object], folder: Path, step: int, number_of: int = signal.SIGKILL) -> bool:
    """Do work in a process that gets a signal before its n-th step in a folder; return whether that ended it."""
    process = os.fork()
    if process == 0:
        steps = count(1)

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            if event in EVENTS and str(folder) in str(arguments[:1]) and next(steps) == step:
                os.kill(os.getpid(), number_of)

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


def kill_and_run_again(fleet, step):
    """Let an import be killed at a step, run it again, and compare; return whether it was killed."""
    make_ugly(fleet)
    expected = fleet.run(dry_run=True).texts
    is_killed = run_killed(fleet.run, fleet.folder, step)
    fleet.run()
    assert {name: content.decode() for name, content in fleet.files().items()} == expected
    assert not list(fleet.folder.glob(".tenantry-import-*"))
    return is_killed


@pytest.mark.parametrize("step", [1, 60, 180, 240, 260])
def test_an_import_that_is_killed_ends_as_one_that_is_not(fleet, step):
    kill_and_run_again(fleet, step)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(KILLS))
def test_an_import_killed_at_random_ends_as_one_that_is_not(fleet, seed):
    assert kill_and_run_again(fleet, random.Random(seed).randrange(1, MOST_STEPS))


def test_ctrl_c_while_accounts_are_read_says_that_nothing_was_written(fleet):
    fleet.customer("Acme", "acme")

    def interrupt(_number: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(InterruptedOperationError, match=r"Nothing was written, .* The same command begins anew"):
        fleet.run(interrupt)
    assert not fleet.folder.exists()


@pytest.mark.parametrize(
    ("step", "sentence"), [(20, "Nothing was written, and nothing was changed"), (250, "all of them are kept")]
)
def test_ctrl_c_while_files_are_written_says_what_is_kept(fleet, tmp_path, step, sentence):
    make_ugly(fleet)
    sentences = tmp_path / "sentences"

    def work() -> None:
        try:
            fleet.run()
        except InterruptedOperationError as error:
            sentences.write_text(str(error))

    assert not run_killed(work, fleet.folder, step, signal.SIGINT)
    assert sentence in sentences.read_text()
    assert not (fleet.folder / UNFINISHED).exists()
