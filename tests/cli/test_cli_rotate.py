"""`tenantry rotate` as a person runs it; a `pulumi` that only prints the state stands in for the engine."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from rotation_world import ROTATED, RotationWorld
from stack_state import plain_secret

from faketwilio.server import FakeTwilio
from tenantry.cli import main
from tenantry.engine.state.deployment import Secret

PULUMI = """\
#!/bin/sh
case "$1 $2" in
    "version ") echo v3.259.0 ;;
    "stack export") cat "{folder}/state.json" ;;
    *) echo "no such command: $*" >&2; exit 1 ;;
esac
"""


class Shell:
    """A shell in a project in which acme and birch have a key each."""

    def __init__(self, folder: Path, fake: FakeTwilio) -> None:
        (folder / "project").mkdir()
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name in ("pulumi", "pulumi-language-python"):
            (self.bin / name).write_text(PULUMI.format(folder=self.bin))
            (self.bin / name).chmod(0o700)
        self.world = RotationWorld(folder / "project", fake)
        for slug in ("acme", "birch"):
            self.world.write(slug, ROTATED)
        self.world.up()

    def run(self, *words: str, **variables: str):
        """Run a command of ours."""
        (self.bin / "state.json").write_text(json.dumps({"deployment": {"resources": [*self._resources()]}}))
        environ = {**self.world.opened.project.environ, "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}"}
        place = ("-C", str(self.world.folder), "--stack", "dev")
        return CliRunner(env={**environ, **variables}).invoke(main, [words[0], *place, *words[1:]])

    def _resources(self):
        for resource in self.world.state.values():
            outputs = {
                name: plain_secret(value.value) if isinstance(value, Secret) else value
                for name, value in resource.outputs.items()
            }
            urn = f"urn:pulumi:dev::tenantry::{resource.type}::{resource.name}"
            yield {"urn": urn, "type": resource.type, "id": resource.id, "inputs": {}, "outputs": outputs}


@pytest.fixture
def shell(tmp_path):
    with FakeTwilio() as fake:
        yield Shell(tmp_path, fake)


def test_a_person_reads_what_was_written_and_what_comes_next(shell):
    shell.world.pass_days(90)
    done = shell.run("rotate", "acme")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("acme web: generation 2 is added in tenants/acme.yaml. Generation 1 is 90 days old")
    assert lines[1:3] == [
        "Rotation of 1 key: 1 added.",
        "Commit the manifests, then run `tenantry up`: it makes, delivers and retires what they say.",
    ]
    assert lines[3].startswith("Twilio: 2 requests (api.twilio.com 2)")


def test_json_has_the_age_of_each_key_and_when_it_is_due(shell):
    shell.world.pass_days(10)
    done = shell.run("rotate", "--format", "json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["format"], report["dry_run"]) == (0, 1, False)
    assert [(key["tenant"], key["action"], key["age_days"]) for key in report["keys"]] == [
        ("acme", "not_due", 10),
        ("birch", "not_due", 10),
    ]
    assert all(key["due_on"] for key in report["keys"])
    assert "Rotation of 2 keys: 2 not due." in done.stderr


def test_a_dry_run_ends_with_2_and_writes_nothing(shell):
    shell.world.pass_days(90)
    before = shell.world.manifest()
    done = shell.run("rotate", "--dry-run")
    assert (done.exit_code, "would be added" in done.stdout, shell.world.manifest()) == (2, True, before)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["acme/wbe"], "acme has no API key 'wbe'; did you mean 'web'?"),
        (["amce"], "There is no tenant 'amce'; did you mean 'acme'?"),
        (["--now"], "--now needs a name, TENANT or TENANT/KEY"),
        (["acme", "--kill", "1"], "--kill needs the name of one key"),
        (["acme/web", "--kill", "4"], "acme/web has no generation 4: its manifest names 1."),
        ([","], "No key is named; leave the option or argument out, which means all that rotate."),
        (["--canary", "0"], "0 is not in the range x>=1"),
    ],
)
def test_a_wrong_order_is_refused_with_a_hint(shell, words, sentence):
    done = shell.run("rotate", *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert sentence in " ".join(done.stderr.split())


def test_wrong_credentials_write_nothing(shell):
    shell.world.pass_days(90)
    done = shell.run("rotate", TWILIO_AUTH_TOKEN="0" * 32)
    assert (done.exit_code, "No manifest was written" in " ".join(done.stderr.split())) == (1, True)
    assert "generations" not in shell.world.manifest()


def test_a_name_that_no_key_has_is_no_waiver(shell):
    done = shell.run("up", "--yes", "--retire-unproven", "acme/wbe")
    assert done.exit_code == 1
    assert "no manifest has such an API key; did you mean 'acme/web'?" in " ".join(done.stderr.split())
