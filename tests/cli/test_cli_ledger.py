import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from tenantry.cli.ledger import ledger
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.migrate import migrations
from tenantry.ledger.opening import open_ledger
from tenantry.ledger.suspensions import NewSuspension, add_suspension
from tenantry.ledger.values import StackRef
from tenantry.reports.ledger.as_json import ledger_schema

NEWEST = len(migrations())


@dataclass
class Project:
    """A project with a ledger that is not made yet."""

    folder: Path
    environ: dict[str, str | None] = field(default_factory=lambda: {"CI": None, "PULUMI_STACK": None})

    @property
    def path(self) -> Path:
        return self.folder / "ledger.db"

    def run(self, *arguments: object, code: int = 0) -> str:
        """Run a command of the group and return all that it prints."""
        words = [*map(str, arguments), "-C", str(self.folder / "owl")]
        result = CliRunner().invoke(ledger, words, env=self.environ)
        assert result.exit_code == code, result.output
        return result.output

    def suspend(self) -> None:
        with open_ledger(SqliteAddress(self.path)) as opened:
            asked = NewSuspension(StackRef("AC" + "0" * 32), "acme", "AC" + "1" * 32, "fraud", "T-1", "ana")
            add_suspension(opened, asked)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "owl").mkdir()
    (tmp_path / "owl" / "tenantry.yaml").write_text(f"format: 1\nledger: sqlite:{tmp_path}/ledger.db\n")
    return Project(tmp_path)


def test_a_ledger_is_made_once(project):
    assert f"The ledger sqlite:{project.path} was made, version {NEWEST}." in project.run("init")
    assert f"The ledger sqlite:{project.path} is there already, version {NEWEST}; nothing was changed." in project.run(
        "init"
    )


@pytest.mark.parametrize("command", [["check"], ["backup", "b.db"], ["copy", "sqlite:/tmp/none.db"]])
def test_without_a_ledger_a_command_says_how_to_make_one(project, command):
    run = project.run(*command, code=1)
    assert f"There is no ledger at sqlite:{project.path}. If there was one, " in run
    assert run.endswith("Only for the first time: `tenantry ledger init`.\n")
    assert not project.path.exists()


def test_a_project_without_a_ledger_is_told_what_to_write(project):
    (project.folder / "owl" / "tenantry.yaml").write_text("format: 1\n")
    assert "This needs a ledger, and tenantry.yaml names none." in project.run("init", code=1)


def test_a_wrong_address_is_told_with_its_line(project):
    (project.folder / "owl" / "tenantry.yaml").write_text("format: 1\nledger: sqlite:ledger.db\n")
    assert "tenantry.yaml:2:9: ledger: must name an absolute path" in project.run("init", code=1)


def test_a_check_tells_what_a_ledger_holds(project):
    project.run("init")
    project.suspend()
    run = project.run("check")
    assert (
        f"The ledger sqlite:{project.path}, version {NEWEST}: nothing is wrong.\n  journal      1\n  suspensions  1\n"
        in run
    )


def test_a_check_notices_an_older_copy(project):
    project.run("init")
    project.run("backup", project.folder / "yesterday.db")
    project.suspend()
    head = json.loads(project.run("check", "--format", "json"))["head"]
    assert "nothing is wrong" in project.run("check", "--head", head)
    (project.folder / "yesterday.db").replace(project.path)
    assert f"The journal does not have the head {head}" in project.run("check", "--head", head, code=1)


def test_a_backup_holds_what_the_ledger_held(project):
    project.run("init")
    project.suspend()
    file = project.folder / "b.db"
    assert f"was backed up to sqlite:{file}, and the backup was checked." in project.run("backup", file)
    assert f"{file} is there already, and is left as it is." in project.run("backup", file, code=1)


def test_a_copy_is_compared(project):
    project.run("init")
    project.suspend()
    run = project.run("copy", f"sqlite:{project.folder}/c.db")
    assert f"was copied to sqlite:{project.folder}/c.db, and every row was compared." in run
    assert "is the ledger itself" in project.run("copy", f"sqlite:{project.path}", code=1)


def test_a_password_on_the_command_line_is_refused_unseen(project):
    project.run("init")
    run = project.run("copy", "postgresql://owl:hush@db.example/owl", code=1)
    assert "must be `postgresql:` alone" in run
    assert "hush" not in run


def test_a_place_that_will_be_refused_is_warned_of(project):
    project.environ["CI"] = "true"
    assert "warning: The ledger" in project.run("init")


@pytest.mark.parametrize("command", ["init", "check", "backup b.db"])
def test_json_is_as_its_schema_says(project, command):
    project.run("init")
    arguments = [str(project.folder / word) if word.endswith(".db") else word for word in command.split()]
    document = json.loads(project.run(*arguments, "--format", "json"))
    jsonschema.validate(document, ledger_schema())
    assert (document["action"], document["database"], document["problems"]) == (arguments[0], "sqlite", [])


def test_a_machine_without_psycopg_is_told_the_extra(project):
    (project.folder / "owl" / "tenantry.yaml").write_text("format: 1\nledger: 'postgresql:'\n")
    script = "import sys; sys.modules['psycopg'] = None; from tenantry.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "ledger", "check", "-C", str(project.folder / "owl")],
        env={"TENANTRY_LEDGER_URL": "postgresql://owl@127.0.0.1:1/owl", "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "Run `pip install 'tenantry[postgres]'`" in done.stderr
