"""The commands about caps, as people run them; their JSON is as published."""

import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from tenantry.cli import main

SCHEMAS = Path(__file__).parents[2] / "schemas"


def read_schema(name):
    """Return a committed schema; tests/manifest/test_manifest_schema.py compares them with the model."""
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text())


def run(world, *arguments):
    environ = {**world.environ, "PULUMI_STACK": None}
    return CliRunner().invoke(main, [*arguments, "-C", str(world.folder)], env=environ)


def run_json(world, schema, *arguments):
    done = run(world, *arguments, "--format", "json")
    document = json.loads(done.stdout)
    jsonschema.validate(document, read_schema(schema))
    return done.exit_code, document


def test_a_sweep_for_cron_does_all_of_it(world):
    world.stop()
    world.fire(1000)
    code, document = run_json(world, "sweep", "sweep")
    assert (code, document["found"], document["decided"], document["followed"]) == (0, 1, 1, 1)
    assert (world.status(), document["notices_sent"], document["tenants"]) == ("suspended", 1, 1)
    [got] = world.application.received
    jsonschema.validate(json.loads(got.body), read_schema("notice"))


def test_caps_are_listed_with_what_was_used_and_until_when(world):
    world.fire(1200)
    world.sweep()
    code, document = run_json(world, "caps", "caps")
    [cap] = document["caps"]
    assert (code, cap["used"], cap["status"], cap["until"]) == (0, "1200", "suspended", "2026-04-01T00:00:00Z")
    text = " ".join(run(world, "caps").stdout.split())
    assert "acme monthly-sms 1200 (120 %) 1000 100 % suspended until 2026-04-01 00:00 UTC" in text


def test_an_override_by_hand_wakes_the_account(world):
    world.fire(1000)
    world.work()
    asked = ("--limit", "1500", "--until", "2026-03-31", "--by", "ana")
    code, document = run_json(world, "cap-act", "caps", "override", "acme", "monthly-sms", *asked)
    assert (code, document["status"], world.status()) == (0, "active", "active")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("approve", "acme", "monthly-sms"), "acme: nothing waits for an approval of 'monthly-sms'."),
        (("approve", "acne", "monthly-sms"), "The ledger knows no tenant 'acne'. Did you mean 'acme'?"),
        (("approve", "acme", "monthly-sm"), "acme has no cap 'monthly-sm'. Did you mean 'monthly-sms'?"),
        (("override", "acme", "monthly-sms", "--limit", "5", "--until", "2026-01-01"), "--until 2026-01-01 is over"),
        (("override", "acme", "monthly-sms", "--limit", "x", "--until", "2026-04-01"), "'x' is no number"),
    ],
)
def test_what_cant_be_done_says_why(world, arguments, sentence):
    done = run(world, "caps", *arguments)
    assert done.exit_code == 1
    assert sentence in " ".join(done.output.split())


def test_notices_that_are_dead_are_listed_and_replayed(world):
    world.application.answers.append(410)
    world.fire(1000)
    world.work()
    code, document = run_json(world, "notices", "notices")
    assert (code, [notice["status"] for notice in document["notices"]]) == (2, ["dead"])
    assert run(world, "notices", "--replay").exit_code == 0
    world.move(timedelta(minutes=1))
    world.work()
    first, second = world.application.received
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    assert run(world, "notices").exit_code == 0


def test_validate_refuses_a_manifest_that_would_wake_a_capped_tenant(world):
    world.fire(1000)
    world.work()
    world.write(more="state: active\n")
    done = run(world, "validate")
    assert done.exit_code == 1
    assert "tenants/acme.yaml:10:8: state: acme says `state: active`, and it is suspended for cap" in done.output
