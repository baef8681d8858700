"""`tenantry drift` of a stack whose accounts were a fake's: what is missing may be forgotten, and that is said."""

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from faketwilio.server import FakeTwilio
from tenantry.cli.drift import drift

TYPE = "pulumi-python:dynamic/twilio"
PULUMI = """#!/bin/sh
case "$*" in version*) echo v3.259.0;; "stack export"*) cat state;; esac
"""
OTHER = "AC" + "9" * 32


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose engine is a script, for a fake that knows nobody."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("pulumi", "pulumi-language-python"):
        (folder / name).write_text(PULUMI)
        (folder / name).chmod(0o755)
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants" / "acme.yaml").write_text("tenant: acme\nname: Acme\n")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.defpath}")
    return tmp_path


def compare(project: Path, fake: FakeTwilio, **fleet: str) -> Result:
    """Compare a stack whose state holds the fleet, and an account that the fake does not know."""
    urn = f"urn:pulumi:dev::owl::{TYPE}"
    account = {"slug": "acme", "friendly_name": "Acme (acme)", "active": True}
    resources = [
        {"urn": f"{urn}:Fleet::fleet", "type": f"{TYPE}:Fleet", "id": "fleet", "inputs": fleet, "outputs": fleet},
        {"urn": f"{urn}:Subaccount::acme", "type": f"{TYPE}:Subaccount", "id": OTHER, "inputs": account},
    ]
    (project / "state").write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    environ = {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
    }
    return CliRunner(env=environ).invoke(drift, ["-C", str(project), "--stack", "dev"])


def test_accounts_that_a_fake_has_forgotten_are_told_as_such(project):
    with FakeTwilio() as fake:
        done = compare(project, fake, account_sid=fake.account_sid, address=fake.url)
    assert done.exit_code == 2
    assert "missing: subaccount" in done.stdout
    assert f"went to the fake at {fake.url}" in done.stderr
    assert "unless it runs with --state FILE" in done.stderr


def test_another_parent_than_that_of_a_fake_is_told_as_such(project):
    with FakeTwilio() as fake:
        done = compare(project, fake, account_sid=OTHER, address="http://127.0.0.1:9")
    assert done.exit_code != 0
    assert "went to the fake at http://127.0.0.1:9" in done.stderr
    assert f"Now {fake.url} was asked." in done.stderr


def test_a_stack_of_twilios_own_gets_no_hint(project):
    with FakeTwilio() as fake:
        assert "fake at" not in compare(project, fake, account_sid=fake.account_sid).stderr
