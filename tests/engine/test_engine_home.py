"""The home that a run of Pulumi gets."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tenantry.engine.run.command import preview
from tenantry.engine.run.home import KEEP_LOG, home_without_log


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home" / "logs").mkdir(parents=True)
    (tmp_path / "home" / "credentials.json").write_text("{}")
    return tmp_path / "home"


@pytest.fixture
def home_of_list(tmp_path, monkeypatch):
    """The home folder that the list of users tells of this user."""
    user = SimpleNamespace(pw_dir=str(tmp_path / "listed"))
    monkeypatch.setattr("pwd.getpwuid", lambda _uid: user)
    (tmp_path / "listed" / ".pulumi" / "workspaces").mkdir(parents=True)
    return tmp_path / "listed"


def test_pulumi_writes_no_log_unless_somebody_wants_it(tiny_project):
    logs = Path(tiny_project.project.environ["PULUMI_HOME"], "logs")
    before = set(logs.iterdir())
    assert preview(tiny_project.where(TINY_TENANTS="acme")).exit_code == 0
    assert set(logs.iterdir()) == before
    assert preview(tiny_project.where(TINY_TENANTS="acme", **{KEEP_LOG: "1"})).exit_code == 0
    assert set(logs.iterdir()) > before


def test_everything_else_belongs_to_the_user_and_stays_after_the_run(home, tmp_path):
    with home_without_log({"PULUMI_HOME": str(home)}, tmp_path) as changed:
        folder = Path(changed["PULUMI_HOME"])
        assert (folder / "credentials.json").read_text() == "{}"
        (folder / "plugins" / "resource-aws").mkdir()
        (folder / "policies" / "pack").mkdir()
    assert (home / "plugins" / "resource-aws").is_dir()
    assert (home / "policies" / "pack").is_dir()
    assert (home / "credentials.json").read_text() == "{}"
    assert not folder.exists()


def test_a_home_that_is_not_there_yet_is_made(tmp_path):
    with home_without_log({"PULUMI_HOME": str(tmp_path / "new")}, tmp_path) as changed:
        assert (Path(changed["PULUMI_HOME"]) / "plugins").is_dir()
    assert (tmp_path / "new" / "plugins").is_dir()


def test_a_home_that_can_not_be_written_is_taken_as_it_is(tmp_path):
    (tmp_path / "file").touch()
    with home_without_log({"PULUMI_HOME": str(tmp_path / "file" / "home")}, tmp_path) as changed:
        assert changed == {}


def test_a_login_during_a_run_is_kept_outside_of_temporary_folders(tmp_path):
    with home_without_log({"PULUMI_HOME": str(tmp_path / "new")}, tmp_path) as changed:
        credentials = Path(changed["PULUMI_HOME"], "credentials.json")
        assert not credentials.exists()
        credentials.write_text('{"current": "https://api.pulumi.com"}')
        assert credentials.is_symlink()
    assert (tmp_path / "new" / "credentials.json").read_text() == '{"current": "https://api.pulumi.com"}'


def test_a_relative_home_is_that_of_the_folder_that_pulumi_runs_in(home, tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    with home_without_log({"PULUMI_HOME": "home"}, tmp_path) as changed:
        assert Path(changed["PULUMI_HOME"], "credentials.json").resolve() == home / "credentials.json"


@pytest.mark.parametrize("variables", [{}, {"HOME": ""}, {"HOME": "listed/"}], ids=["none", "empty", "the same"])
def test_without_a_named_home_it_is_that_of_the_list_of_users(home_of_list, tmp_path, variables):
    environ = {name: value and f"{tmp_path}/{value}" for name, value in variables.items()}
    with home_without_log(environ, tmp_path) as changed:
        assert Path(changed["PULUMI_HOME"], "workspaces").resolve() == home_of_list / ".pulumi" / "workspaces"


def test_where_home_is_another_one_pulumi_takes_the_home_that_it_finds(home_of_list, tmp_path):
    with home_without_log({"HOME": str(tmp_path)}, tmp_path) as changed:
        assert changed == {}


def test_a_user_whom_no_list_knows_is_left_to_pulumi(tmp_path, monkeypatch):
    def unknown(uid):
        raise KeyError(uid)

    monkeypatch.setattr("pwd.getpwuid", unknown)
    with home_without_log({}, tmp_path) as changed:
        assert changed == {}
