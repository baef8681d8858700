"""The skeleton of a new kind: all of its files, and nothing in them that passes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOL = [sys.executable, str(ROOT / "tools/new_kind.py")]
WORDS = {"kind": "call_queue", "host": "api", "sid": "QU", "name": "CallQueue", "title": "call queue"}

sys.path.insert(0, str(ROOT / "tools"))

from new_kind import FILES, LINES, main, write_skeletons  # noqa: E402


@pytest.mark.parametrize("skeleton", FILES)
def test_a_skeleton_is_python_and_says_what_to_fill_in(tmp_path, skeleton):
    written = dict(zip(FILES, write_skeletons(tmp_path, WORDS), strict=True))
    text = written[skeleton].read_text("utf-8")
    ast.parse(text)
    assert "FILL IN" in text
    assert "$" not in text


def test_no_test_of_the_skeleton_passes(tmp_path):
    tests = [path for path in write_skeletons(tmp_path, WORDS) if path.name.startswith("test_")]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), *map(str, tests)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert "passed" not in run.stdout, run.stdout
    assert "4 failed" in run.stdout, run.stdout


def test_a_file_that_is_there_stops_it_before_anything_is_written(tmp_path):
    write_skeletons(tmp_path, WORDS)
    with pytest.raises(FileExistsError, match=r"tenantry/model/call_queue\.py is there already; nothing was written"):
        write_skeletons(tmp_path, WORDS)


def test_it_tells_every_place_that_is_left(tmp_path, capsys):
    assert main(["call_queue", "--host", "api", "--sid", "QU"], tmp_path) == 0
    output = capsys.readouterr().out
    assert all(file in output for file, _ in LINES)
    assert 'tenantry/model/kinds.py: in KindName and in KINDS: "call_queue": call_queue.KIND' in output


@pytest.mark.parametrize("file", [file for file, _ in LINES if file.endswith(".py")])
def test_a_place_that_it_names_is_in_this_repository(file):
    assert (ROOT / file).is_file()


def test_a_name_that_is_none_is_refused():
    run = subprocess.run([*TOOL, "CallQueue", "--host", "api"], capture_output=True, text=True)
    assert run.returncode == 2
    assert "CallQueue is no name of a kind: write lower-case words with '_' between them" in run.stderr
