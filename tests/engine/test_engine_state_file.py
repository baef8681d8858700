"""A state in a file that can't be read: which file it is, and which copy of it is whole."""

import gzip
import os
from pathlib import Path

import pytest

from tenantry.engine.run.state_file import advice, find_state_file, folder_of

WHOLE = '{"version": 3, "checkpoint": {"latest": {}}}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The state of stack dev of project owl, cut off, without a copy."""
    (tmp_path / "Pulumi.yaml").write_text("name: owl\n")
    file = tmp_path / ".pulumi/stacks/owl/dev.json"
    file.parent.mkdir(parents=True)
    file.write_text(WHOLE[:20])
    return file


def advise(tmp_path: Path, stack: str = "dev") -> str:
    return advice(tmp_path.as_uri(), tmp_path, stack)


def test_the_copy_beside_the_state_is_restored_by_any_stack_name(file, tmp_path):
    Path(f"{file}.bak").write_text(WHOLE)
    for name in ("dev", "organization/owl/dev"):
        assert f"`cp {file}.bak {file}`" in advise(tmp_path, name)


def test_the_newest_whole_backup_is_restored_where_the_copy_is_cut(file, tmp_path):
    Path(f"{file}.bak").write_text("")
    backups = tmp_path / ".pulumi/backups/owl/dev"
    backups.mkdir(parents=True)
    for age, text in enumerate((WHOLE[:9], WHOLE, WHOLE)):
        kept = backups / f"dev.{9 - age}.json"
        kept.write_text(text)
        os.utime(kept, (100 - age, 100 - age))
    assert f"`cp {backups}/dev.8.json {file}`" in advise(tmp_path)


def test_a_backup_of_the_user_is_requested_where_no_copy_is_whole(file, tmp_path):
    assert "Pulumi has no whole copy of it: restore it from a backup of yours" in advise(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"checkpoint": ', WHOLE.replace("{}", '{"resources": "x"}')),
        WHOLE.replace("{}", '{"resources": [{"type": 1}]}'),
    ],
)
def test_what_is_no_whole_state_is_a_problem(file, tmp_path, text):
    file.write_text(text)
    assert find_state_file(tmp_path.as_uri(), tmp_path, "dev").problem is not None


def test_a_state_that_is_whole_is_not_called_damaged(file, tmp_path):
    file.write_text(WHOLE)
    assert find_state_file(tmp_path.as_uri(), tmp_path, "dev").problem is None
    assert "which is whole" in advise(tmp_path)


def test_a_packed_state_is_read_as_such(file, tmp_path):
    packed = Path(f"{file}.gz")
    packed.write_bytes(gzip.compress(WHOLE.encode())[:-9])
    Path(f"{packed}.bak").write_bytes(gzip.compress(WHOLE.encode()))
    file.unlink()
    assert f"`cp {packed}.bak {packed}`" in advise(tmp_path)


def test_a_path_with_blanks_is_quoted(tmp_path):
    folder = tmp_path / "my owl"
    file = folder / ".pulumi/stacks/dev.json"
    file.parent.mkdir(parents=True)
    file.write_text("")
    Path(f"{file}.bak").write_text(WHOLE)
    assert f"`cp '{file}.bak' '{file}'`" in advice(folder.as_uri(), folder, "dev")


def test_another_backend_is_named_without_its_password(tmp_path):
    assert advice("postgres://ana:hunter2@db.example/p", tmp_path, "dev").startswith(
        "The state is in postgres://ana:***@db.example/p: put its last whole version back there"
    )


@pytest.mark.parametrize(("url", "folder"), [("file://~", Path.home()), ("file://state", Path("/owl/state"))])
def test_a_backend_of_files_is_found_by_any_form_of_its_url(url, folder):
    assert folder_of(url, Path("/owl")) == folder
