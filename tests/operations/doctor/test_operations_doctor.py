"""`tenantry doctor` says ok of what it has tried: the stack, its state and secrets, and the account at Twilio."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from faketwilio.server import FakeTwilio
from tenantry.engine.install.doctor import Finding
from tenantry.operations.doctor.examine import examine
from tenantry.twilio.session import Session

OTHER = "AC" + "9" * 32
PULUMI = """#!/bin/sh
case "$*" in
  version*) echo v3.259.0;;
  whoami*) printf '{"user": "ana", "url": "file://%s"}' "$BACKEND";;
  "stack --show-name"*) [ -e selected ] && cat selected || { echo "error: no stack selected" >&2; exit 255; };;
  "stack ls"*) echo '[{"name": "dev"}, {"name": "production"}]';;
  *--show-secrets*)
    [ "$PULUMI_CONFIG_PASSPHRASE" = right ] && cat state || { echo "error: incorrect passphrase" >&2; exit 255; };;
  "stack export"*) cat state || { echo "$WORDS" >&2; exit 255; };;
esac
"""
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def machine(tmp_path: Path, twilio: FakeTwilio) -> tuple[Path, dict[str, str]]:
    """A project whose stack `dev` is of the fake's parent; the engine is a script that knows a few commands."""
    bin_folder, folder = tmp_path / "cache/tenantry/engine/v3.259.0/bin", tmp_path / "owl"
    for place in (bin_folder, folder, tmp_path / "backend/.pulumi/stacks/owl"):
        place.mkdir(parents=True)
    for name in ("pulumi", "pulumi-language-python", "pulumi-language-python-exec"):
        (bin_folder / name).write_text(PULUMI)
        (bin_folder / name).chmod(0o755)
    (folder / "Pulumi.yaml").write_text("name: owl\n")
    (folder / "tenantry.yaml").write_text("format: 1\n")
    (folder / "selected").write_text("dev")
    write_state(folder, twilio.account_sid)
    return folder, {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}",
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "BACKEND": str(tmp_path / "backend"),
        "PULUMI_CONFIG_PASSPHRASE": "right",
        "TWILIO_ACCOUNT_SID": twilio.account_sid,
        "TWILIO_AUTH_TOKEN": twilio.auth_token,
        "TENANTRY_TWILIO_URL": twilio.url,
    }


def write_state(folder: Path, parent: str, **inputs: str) -> None:
    urn = "urn:pulumi:dev::owl::pulumi-python:dynamic/twilio:Fleet::fleet"
    fleet = {"urn": urn, "type": "pulumi-python:dynamic/twilio:Fleet", "id": "fleet", "inputs": inputs}
    fleet["outputs"] = {"account_sid": parent, "secret": SECRET}
    deployment = {"manifest": {"time": "2026-11-22T17:40:00Z"}, "resources": [fleet]}
    (folder / "state").write_text(json.dumps({"version": 3, "deployment": deployment}))


def row(machine: tuple[Path, dict[str, str]], subject: str, stack: str | None = None, **variables: str) -> Finding:
    folder, environ = machine
    [found] = [found for found in examine(folder, {**environ, **variables}, stack) if found.subject == subject]
    return found


def test_the_stack_its_parent_and_the_account_that_answered_are_named(machine, twilio):
    stack, account = row(machine, "stack"), row(machine, "credentials")
    assert (stack.level, account.level) == ("ok", "ok")
    assert stack.text == (
        f"dev has 1 resources, last written 2026-11-22 17:40; its parent account is {twilio.account_sid}"
    )
    assert account.text.startswith(f"{twilio.url} knows them: parent account {twilio.account_sid} ")
    assert account.text.endswith("active, the parent of stack dev")
    assert row(machine, "backend").text.endswith(" as ana")


def test_twilio_is_asked_once_and_nothing_is_changed(machine, twilio):
    assert row(machine, "credentials").level == "ok"
    asked = [(method, path) for method, _, path, _, _ in twilio.store.request_log.log if method != "HEAD"]
    assert asked == [("GET", f"/2010-04-01/Accounts/{twilio.account_sid}.json")]


def test_a_wrong_token_is_a_problem(machine):
    found = row(machine, "credentials", TWILIO_AUTH_TOKEN="0" * 32)
    assert found.level == "fail"
    assert "Twilio answered 401, error 20003" in found.text


def test_credentials_of_another_account_than_the_stacks_are_a_problem(machine, twilio):
    found = row(machine, "credentials", TWILIO_ACCOUNT_SID=OTHER)
    assert found.level == "fail"
    assert f"is {OTHER}, and stack dev belongs to the parent account {twilio.account_sid}" in found.text


def test_a_subaccounts_own_credentials_are_a_problem(machine, twilio):
    folder, _ = machine
    account = Session.from_env(machine[1]).subaccounts.create("Acme")
    write_state(folder, account.sid)
    found = row(machine, "credentials", TWILIO_ACCOUNT_SID=account.sid, TWILIO_AUTH_TOKEN=account.auth_token)
    assert found.level == "fail"
    assert f"is a subaccount of {twilio.account_sid}, and no parent account" in found.text


def test_a_twilio_that_does_not_answer_is_a_problem(machine):
    found = row(machine, "credentials", TENANTRY_TWILIO_URL="http://127.0.0.1:1")
    assert (found.level, "no connection to http://127.0.0.1:1" in found.text) == ("fail", True)


def test_a_missing_stack_fails_and_the_backend_does_not(machine):
    folder, _ = machine
    (folder / "state").unlink()
    words = "error: no stack named 'nope' found"
    found = row(machine, "stack", "nope", WORDS=words)
    assert (found.level, "stack init nope" in found.text) == ("fail", True)
    assert row(machine, "backend", "nope", WORDS=words).level == "ok"


def test_where_no_stack_is_selected_those_that_are_there_are_named(machine):
    folder, _ = machine
    (folder / "selected").unlink()
    found = row(machine, "stack")
    assert (found.level, found.text.endswith("`pulumi stack select`: dev, production")) == ("fail", True)


def test_a_backend_that_gives_no_state_is_a_problem(machine):
    folder, _ = machine
    (folder / "state").unlink()
    found = row(machine, "backend", WORDS="error: 403 Forbidden")
    assert (found.level, "403 Forbidden" in found.text) == ("fail", True)


def test_a_passphrase_that_opens_nothing_is_a_problem(machine):
    assert row(machine, "secrets").level == "ok"
    found = row(machine, "secrets", PULUMI_CONFIG_PASSPHRASE="wrong")
    assert (found.level, "Set PULUMI_CONFIG_PASSPHRASE to the passphrase of dev" in found.text) == ("fail", True)


def test_a_parent_that_differs_from_the_state_fails(machine, twilio):
    folder, _ = machine
    (folder / "tenantry.yaml").write_text(f"format: 1\nstacks:\n  dev: {{parent: {OTHER}}}\n")
    found = row(machine, "stack")
    assert (found.level, f"{twilio.account_sid}, and tenantry.yaml gives it {OTHER}" in found.text) == ("fail", True)


def test_a_cut_state_is_reported_with_the_command_that_restores_it(machine):
    folder, environ = machine
    (folder / "state").unlink()
    file = Path(environ["BACKEND"], ".pulumi/stacks/owl/dev.json")
    file.write_text('{"version": 3, "checkpoint": {"latest": {')
    Path(f"{file}.bak").write_text('{"version": 3, "checkpoint": {}}')
    found = row(machine, "stack", WORDS="error: failed to load checkpoint: unexpected end of JSON input")
    assert found.level == "fail"
    assert f"{file}, is cut off or damaged" in found.text
    assert f"`cp {file}.bak {file}`" in found.text


def test_a_fake_that_has_forgotten_the_stack_is_named(machine, twilio):
    folder, _ = machine
    write_state(folder, OTHER, address="http://127.0.0.1:9")
    found = row(machine, "credentials")
    assert f"belongs to the parent account {OTHER}" in found.text
    assert "The last run of this stack went to the fake at http://127.0.0.1:9" in found.text
    assert found.text.endswith(f"Now {twilio.url} was asked.")
