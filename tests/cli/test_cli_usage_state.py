"""`tenantry usage` on a real stack: accounts come from the state, whatever they are called in Twilio."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from e2e_transit import KEY, transit_variables

from faketwilio.control.console import act
from faketwilio.control.usage import set_records
from faketwilio.server import FakeTwilio
from tenantry.cli import main
from tenantry.engine.install.find import NoEngineError, find_engine
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project, export_state, run_plain

RUN = "urn:pulumi:dev::tenantry::"
SMS = {"day": "2026-03-02", "category": "sms-inbound", "count": 2, "usage": 2, "price": "0.015"}


def save_resource(kind: str, name: str, id_: str, **outputs: Any) -> dict[str, Any]:
    token = f"pulumi-python:dynamic/twilio:{kind}"
    return {"urn": f"{RUN}{token}::{name}", "custom": True, "id": id_, "type": token, "outputs": outputs}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with the tenant acme and the stack dev, whose state is empty."""
    try:
        engine = find_engine(os.environ, install=None)
    except NoEngineError as problem:
        pytest.fail(f"this test needs a real engine: {problem}", pytrace=False)
    (tmp_path / "Pulumi.yaml").write_text("name: tenantry\nruntime: python\n")
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenants" / "acme.yaml").write_text("tenant: acme\nname: Acme\n")
    environ = {**os.environ, **local_backend(tmp_path / "backend"), **transit_variables()}
    project = Project(tmp_path, "dev", engine, environ)
    run_plain(project, "stack", "init", "dev", "--secrets-provider", KEY)
    return project


def test_accounts_are_those_of_the_state(project: Project) -> None:
    with FakeTwilio() as fake:
        order = {"create": "subaccount", "account": fake.account_sid, "fields": {"friendly_name": "Renamed by hand"}}
        sid = act(fake.store, order)["sid"]
        set_records(fake.store, {"account": sid, "records": [SMS]})
        document = export_state(project)
        fleet = save_resource("Fleet", "fleet", "fleet", account_sid=fake.account_sid)
        document["deployment"]["resources"] = [
            fleet,
            save_resource("Subaccount", "acme", sid, slug="acme", status="active"),
        ]
        (project.folder / "state.json").write_text(json.dumps(document))
        run_plain(project, "stack", "import", "--file", "state.json")
        environ = {
            **project.environ,
            "TWILIO_ACCOUNT_SID": fake.account_sid,
            "TWILIO_AUTH_TOKEN": fake.auth_token,
            "TENANTRY_TWILIO_URL": fake.url,
        }
        command = ["usage", "-C", str(project.folder), "--stack", "dev", "--month", "2026-03", "--format", "json"]
        done = CliRunner(env=environ).invoke(main, command)
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert [(tenant["account_sid"], tenant["price"]) for tenant in found["tenants"]] == [(sid, "0.015")]
    assert (found["stack"], found["fleet"]["total"]) == ("dev", "0.015")
