"""The home that a run of Pulumi gets."""

from pathlib import Path

import pytest

from tenantry.engine.command import preview
from tenantry.engine.home import KEEP_LOG, home_without_log


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home" / "logs").mkdir(parents=True)
    (tmp_path / "home" / "credentials.json").write_text("{}")
    return tmp_path / "home"


def test_pulumi_writes_no_log_unless_somebody_wants_it(tiny_project):
    logs = Path(tiny_project.project.environ["PULUMI_HOME"], "logs")
    before = set(logs.iterdir())
    assert preview(tiny_project.where(TINY_TENANTS="acme")).exit_code == 0
    assert set(logs.iterdir()) == before
    assert preview(tiny_project.where(TINY_TENANTS="acme", **{KEEP_LOG: "1"})).exit_code == 0
    assert set(logs.iterdir()) > before


def test_everything_else_is_the_users_own_and_stays_when_the_run_is_over(home):
    with home_without_log({"PULUMI_HOME": str(home)}) as changed:
        folder = Path(changed["PULUMI_HOME"])
        assert (folder / "credentials.json").read_text() == "{}"
        (folder / "plugins" / "resource-aws").mkdir()
        (folder / "policies" / "pack").mkdir()
    assert (home / "plugins" / "resource-aws").is_dir()
    assert (home / "policies" / "pack").is_dir()
    assert (home / "credentials.json").read_text() == "{}"
    assert not folder.exists()


def test_a_home_that_is_not_there_yet_is_made(tmp_path):
    with home_without_log({"PULUMI_HOME": str(tmp_path / "new")}) as changed:
        assert (Path(changed["PULUMI_HOME"]) / "plugins").is_dir()
    assert (tmp_path / "new" / "plugins").is_dir()


def test_a_home_that_can_not_be_written_is_taken_as_it_is(tmp_path):
    (tmp_path / "file").touch()
    with home_without_log({"PULUMI_HOME": str(tmp_path / "file" / "home")}) as changed:
        assert changed == {}
