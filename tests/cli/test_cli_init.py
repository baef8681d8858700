import json
import os
import tomllib
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenantry.cli.init import init
from tenantry.manifest.check import check
from tenantry.template import project_name
from tenantry.template.installed import source_of

SCRIPT = Path("plugin") / "pulumi-resource-pulumi-python"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("init") / "Owl & Sons"
    CliRunner().invoke(init, [str(folder)], catch_exceptions=False)
    return folder


def test_a_new_project_is_valid(project):
    assert check(project, strict=True).summary == "1 tenant, 0 errors, 0 warnings"


def test_a_new_project_holds_what_pulumi_runs(project):
    needed = ("Pulumi.yaml", "__main__.py", "components/tenant.py", "schemas/tenant.schema.json", ".gitignore")
    assert [name for name in needed if not (project / name).is_file()] == []


def test_a_new_project_gets_the_workflows_of_users_and_not_ours(project):
    written = {file.name for file in (project / ".github" / "workflows").iterdir()}
    assert written == {
        "bill.yml",
        "close.yml",
        "drift.yml",
        "fleet.yml",
        "health.yml",
        "preview.yml",
        "retain.yml",
        "rotate.yml",
        "up.yml",
        "validate.yml",
    }


def test_the_plugin_can_be_run(project):
    assert os.access(project / SCRIPT, os.X_OK)


def test_a_new_project_has_the_name_of_its_folder(project):
    assert (project / "Pulumi.yaml").read_text().startswith("name: owl-sons\n")
    assert 'name = "owl-sons"' in (project / "pyproject.toml").read_text()


def test_what_python_leaves_beside_its_sources_is_not_copied(project):
    assert list(project.rglob("__pycache__")) == []


def test_what_to_do_next_is_told(tmp_path):
    result = CliRunner().invoke(init, [str(tmp_path / "a b")])
    assert (result.exit_code, result.stdout.splitlines()[1:3]) == (0, ["next:", f"  cd '{tmp_path}/a b'"])


def test_an_empty_folder_and_a_new_git_repository_are_taken(tmp_path):
    (tmp_path / ".git").mkdir()
    assert CliRunner().invoke(init, [str(tmp_path)]).exit_code == 0


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "tenantry.yaml").write_text("mine")
    result = CliRunner().invoke(init, [str(tmp_path)])
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {tmp_path} holds tenantry.yaml; nothing was written, name a new or empty folder\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["tenantry.yaml"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(init, [str(tmp_path / "file" / "below")])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: can't write the project to {tmp_path}/file/below: ")


@pytest.mark.parametrize(("folder", "name"), [("/a/Owl Inc.", "owl-inc"), ("/a/2026", "tenants"), ("/", "tenants")])
def test_a_folder_that_is_no_name_gets_one(folder, name):
    assert project_name(Path(folder)) == name


class Installed(Distribution):
    """A distribution that is known by where it was installed from."""

    def __init__(self, record: dict | None) -> None:
        self.record = record

    def read_text(self, filename: str) -> str | None:
        return json.dumps(self.record) if filename == "direct_url.json" and self.record else None

    def locate_file(self, path):
        raise NotImplementedError


def test_a_new_project_names_where_tenantry_was_installed_from(project):
    held = tomllib.loads((project / "pyproject.toml").read_text())
    assert Path(held["tool"]["uv"]["sources"]["tenantry"]["path"], "tenantry", "template").is_dir()


GIT = {"vcs": "git", "commit_id": "1234567"}


@pytest.mark.parametrize(
    ("record", "source"),
    [
        (None, {}),
        ({"url": "file:///etc/hostname", "archive_info": {}}, {"path": "/etc/hostname"}),
        ({"url": "file:///usr%2Flib", "dir_info": {"editable": True}}, {"path": "/usr/lib", "editable": True}),
        ({"url": "file:///nowhere/tenantry.whl", "archive_info": {}}, {}),
        ({"url": "https://owl.example/t.whl", "archive_info": {}}, {"url": "https://owl.example/t.whl"}),
        ({"url": "https://owl.example/t", "vcs_info": GIT}, {"git": "https://owl.example/t", "rev": "1234567"}),
        ({"url": "https://ana:pw@owl.example/t.whl", "archive_info": {}}, {}),
    ],
)
def test_what_uv_is_told_of_it(record, source):
    assert source_of(Installed(record)) == source
