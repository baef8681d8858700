"""A customer that leaves: its world, and what its vendor does."""

import json
from datetime import UTC, datetime

import jsonschema
import pytest
from billing_world import BillingWorld

from faketwilio.control.console import act
from faketwilio.control.seed import seed
from tenantry.ledger.address import SqliteAddress
from tenantry.reports.offboarding.as_json import offboarding_schema

LEAVES = 'tenant: acme\nname: Acme Dental\nstate: closed\nclose_after: "2026-01-01"\n'
HOLD = 'hold: {reason: claim 12, since: "2026-01-01", by: ana}\n'
STEPS = ["notice", "export", "numbers", "suspended", "statement", "credits", "secrets", "records", "read_again"]


@pytest.fixture
def world(tmp_path):
    world = BillingWorld(tmp_path, SqliteAddress(tmp_path / "ledger.db"))
    with world.fake:
        write(world, "tenant: acme\nname: Acme Dental\n")
        world.make_account("acme")
        world.set_clock(datetime.now(UTC))
        yield world


def write(world, text):
    world.repository.commit("2026-03-01", {"tenants/acme.yaml": text})


def set_status(world, status):
    act(world.fake.store, {"set": world.sids["acme"], "fields": {"status": status}})


def put(world, kind, count, **fields):
    order = {"kind": kind, "account": world.sids["acme"], "count": count, "fields": fields}
    return list(seed(world.fake.store, order)["sids"])


def offboard(world, *arguments):
    return world.run("offboard", "acme", "--by", "ana", "--without-state", *arguments)


def confirm(world, *steps):
    for step in steps:
        assert offboard(world, "--confirm", step, "--ref", "T-1").exit_code in (0, 2)


def read_report(world, *arguments):
    report = json.loads(offboard(world, "--format", "json", *arguments).stdout)
    jsonschema.validate(report, offboarding_schema())
    return report


def states(world):
    return {step["name"]: step["state"] for step in read_report(world)["steps"]}


def words(done):
    return " ".join(done.output.split())


def leave(world):
    write(world, LEAVES)
    set_status(world, "suspended")
    confirm(world, "export")
