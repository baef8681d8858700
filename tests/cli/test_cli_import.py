"""`tenantry import` as a command: its options, formats and exit codes, and nothing that a terminal could obey."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result
from importing_world import HOOKS, Fleet

from faketwilio.server import FakeTwilio
from tenantry.cli import main
from tenantry.reports.importing.as_json import import_schema

Run = Callable[..., Result]


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    with FakeTwilio() as fake:
        fleet = Fleet(tmp_path / "project", fake)
        fleet.folder.mkdir()
        fleet.switch(read_only=True)
        yield fleet


@pytest.fixture
def run(fleet: Fleet) -> Run:
    environ = {**fleet.environ, "PULUMI_STACK": None}
    return lambda *words: CliRunner().invoke(main, ["import", "-C", str(fleet.folder), *words], env=environ)


def test_a_clean_import_exits_with_0_and_says_what_is_next(run: Run, fleet: Fleet):
    fleet.account("Acme")
    done = run()
    assert done.exit_code == 0, done.output
    assert "1 tenant written, 0 objects to take over, 3 lines in the median manifest, 0 left out." in done.output
    assert "Next: `uv sync` and `pulumi stack init production`, then `tenantry preview`" in " ".join(
        done.output.split()
    )
    assert fleet.text("import.yaml").splitlines()[-1].endswith(": acme  # Acme")
    assert "pulumi stack init" not in run("--only", fleet.account("Birch")).output


def test_what_is_left_out_exits_with_2_in_json_too(run: Run, fleet: Fleet):
    fleet.trigger(fleet.account("Acme"), "Old", callback_url=f"{HOOKS}/u?key=abc")
    done = run("--format", "json", "--dry-run")
    assert done.exit_code == 2
    document = json.loads(done.stdout)
    jsonschema.validate(document, import_schema())
    [row] = [row for row in document["rows"] if row["severity"] == "left_out"]
    assert (row["kind"], row["tenant"], row["name"]) == ("url", "acme", "Old")
    assert "abc" not in done.output
    assert not (fleet.folder / "tenantry.yaml").exists()


def test_explain_shows_the_layers(run: Run, fleet: Fleet):
    for number in range(5):
        fleet.customer(f"Practice {number}", f"practice-{number}")
    done = run("--explain", "--dry-run")
    assert "defaults.yaml\n  # yaml-language-server" in done.stdout
    assert "would be written" in done.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--waive",), "--waive needs --owner and --until"),
        (("--owner", "ana@owl.example"), "with --waive these are written"),
        (("--only", ","), "No account is named"),
        (("--only", "Nobody"), "no subaccount has this SID, name or slug"),
        (("--until", "tomorrow"), "does not match the format"),
    ],
)
def test_a_wrong_option_writes_nothing(run: Run, fleet: Fleet, words, sentence):
    fleet.account("Acme")
    done = run(*words)
    assert done.exit_code == 1
    assert sentence in done.output
    assert list(fleet.folder.iterdir()) == []


def test_wrong_credentials_write_nothing(run: Run, fleet: Fleet, monkeypatch):
    fleet.account("Acme")
    done = CliRunner().invoke(
        main, ["import", "-C", str(fleet.folder)], env={**fleet.environ, "TWILIO_AUTH_TOKEN": "x"}
    )
    assert done.exit_code == 1
    assert "Nothing was written" in done.output
    assert list(fleet.folder.iterdir()) == []


def test_names_cannot_steer_the_terminal(run: Run, fleet: Fleet):
    fleet.account("Acme\x1b[31m\u202e", status="closed")
    fleet.account("Birch\x1b]0;x\x07")
    done = run()
    assert done.exit_code == 0, done.output
    assert "Note, closed:" in done.output
    assert "\x1b" not in done.output
    assert "\u202e" not in done.output
    assert "\\x1b" in fleet.text("import.yaml") or "\\u001b" in fleet.text("import.yaml")


def test_accepting_and_deleting_are_asked_of_drift(run: Run, fleet: Fleet):
    account = fleet.customer("Acme", "acme")
    assert run().exit_code == 2 or fleet.loaded.tenants
    fleet.switch(read_only=False)
    sid = fleet.key(account, "Stranger")
    drift = ["drift", "-C", str(fleet.folder), "--without-state"]
    environ = {**fleet.environ, "PULUMI_STACK": None}
    refused = CliRunner().invoke(main, [*drift, "--delete", sid], env=environ, input="n\n")
    assert (refused.exit_code, "Nothing was deleted" in refused.output) == (1, True)
    accepted = CliRunner().invoke(main, [*drift, "acme/api_key", "--accept"], env=environ)
    assert accepted.exit_code == 0, accepted.output
    assert "1 value written, 0 not accepted" in accepted.output
    other = fleet.key(account, "Another")
    deleted = CliRunner().invoke(main, [*drift, "--delete", other, "--yes"], env=environ)
    assert deleted.exit_code == 0, deleted.output
    assert CliRunner().invoke(main, drift, env=environ).exit_code == 0
