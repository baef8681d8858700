"""`tenantry erase` as a person runs it: one number, the tenants that are named, and nobody else."""

import json
from datetime import UTC, datetime

import jsonschema
import pytest
from billing_world import BillingWorld
from click.testing import CliRunner

from faketwilio.control.console import act
from faketwilio.control.seed import seed
from tenantry.cli import main
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import open_ledger
from tenantry.operations.erasure.person import Person
from tenantry.reports.erasure.as_json import erasure_schema

NUMBER, OTHER, KEY = "+14155550199", "+14155550123", "a key of the audit that is long"
HOLD = 'hold: {reason: claim 12, since: "2026-01-01", by: ana}\n'


@pytest.fixture
def world(tmp_path):
    world = BillingWorld(tmp_path, SqliteAddress(tmp_path / "ledger.db"))
    with world.fake:
        for slug in ("acme", "birch"):
            write(world, slug)
            world.make_account(slug)
        world.set_clock(datetime.now(UTC))
        yield world


def write(world, slug, more=""):
    world.repository.commit("2026-03-01", {f"tenants/{slug}.yaml": f"tenant: {slug}\nname: {slug.title()}\n{more}"})


def put(world, slug, kind, **fields):
    [sid] = seed(world.fake.store, {"kind": kind, "account": world.sids[slug], "fields": fields})["sids"]
    return sid


def put_person(world, slug, number=NUMBER):
    """Put a message each way, a call with a recording and its transcription; return their SIDs."""
    call = put(world, slug, "call", **{"from": number})
    recording = put(world, slug, "recording", call_sid=call)
    return {
        put(world, slug, "message", to=number),
        put(world, slug, "message", to=f"whatsapp:{number}"),
        put(world, slug, "message", **{"from": number}),
        put(world, slug, "transcription", recording_sid=recording),
        recording,
        call,
    }


def erase(world, *arguments, number=f"{NUMBER}\n", key=KEY):
    asked = ["erase", *arguments, "--number-from", "-", "--without-state", "-C", str(world.repository.root)]
    return CliRunner().invoke(main, asked, input=number, env={**world.environ, "TENANTRY_AUDIT_KEY": key})


def list_deleted(world):
    log = world.fake.store.request_log.log
    return {path.rsplit("/", 1)[1][:-5] for method, _, path, status, _ in log if method == "DELETE" and status == 204}


def words(done):
    return " ".join(done.output.split())


def test_the_records_of_a_person_are_erased_at_the_named_tenant_alone(world):
    mine = put_person(world, "acme")
    put_person(world, "acme", OTHER)
    put_person(world, "birch")
    dry = erase(world, "acme")
    assert (dry.exit_code, "6 records of this person" in words(dry), list_deleted(world)) == (2, True, set())
    done = erase(world, "acme", "--apply", "--format", "json")
    report = json.loads(done.stdout)
    jsonschema.validate(report, erasure_schema())
    assert (done.exit_code, list_deleted(world)) == (0, mine)
    assert erase(world, "acme").exit_code == 0


def test_filters_that_twilio_ignores_erase_nobody_else(world):
    mine = put_person(world, "acme")
    put_person(world, "acme", OTHER)
    world.fake.store.behaviour = world.fake.store.behaviour.with_values({"number_filters": "ignored"})
    erase(world, "acme", "--apply")
    assert list_deleted(world) == mine


def test_the_number_is_in_no_output_and_in_no_audit(world, tmp_path):
    put_person(world, "acme")
    done = erase(world, "acme", "--apply")
    world.run("retain", "--export", str(tmp_path / "audit.jsonl"))
    audit = (tmp_path / "audit.jsonl").read_text()
    assert NUMBER not in done.output + audit
    assert NUMBER[1:] not in done.output + audit
    assert Person(NUMBER).digest(KEY) in audit
    assert NUMBER not in repr(Person(NUMBER))


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "The file holds 0 lines, and one number is expected. Nothing was sent."),
        (f"{NUMBER}\n{OTHER}\n", "The file holds 2 lines, and one number is expected. Nothing was sent."),
        ("415 555 0199\n", "The file holds no number such as +14155550100 (E.164). Nothing was sent."),
    ],
)
def test_what_is_no_number_is_refused_without_repeating_it(world, number, sentence):
    done = erase(world, "acme", number=number)
    assert (done.exit_code, sentence in words(done), "0199" in done.output) == (1, True, False)


@pytest.mark.parametrize("key", [None, "", "short"])
def test_nothing_is_erased_without_a_key_of_the_audit(world, key):
    put_person(world, "acme")
    done = erase(world, "acme", "--apply", key=key)
    assert (done.exit_code, "TENANTRY_AUDIT_KEY is" in words(done), list_deleted(world)) == (1, True, set())


def test_a_held_tenant_erases_nothing(world):
    put_person(world, "acme")
    write(world, "acme", HOLD)
    done = erase(world, "acme", "--apply")
    assert (done.exit_code, "claim 12" in words(done), list_deleted(world)) == (2, True, set())


def test_more_records_than_the_limit_are_not_erased(world):
    put_person(world, "acme")
    done = erase(world, "acme", "--apply", "--max-deletes", "5")
    assert (done.exit_code, "6 records are due, and the limit is 5." in words(done), list_deleted(world)) == (
        2,
        True,
        set(),
    )


def test_an_unfinished_record_is_left_for_later(world):
    put_person(world, "acme")
    call = put(world, "acme", "call", **{"from": NUMBER}, status="in-progress", end_time=None)
    assert erase(world, "acme", "--apply").exit_code == 2
    act(world.fake.store, {"set": call, "fields": {"status": "completed"}})
    assert erase(world, "acme", "--apply").exit_code == 0
    assert call in list_deleted(world)


def test_nothing_is_erased_behind_a_broken_audit_and_others_are(world):
    mine = {slug: put_person(world, slug) for slug in ("acme", "birch")}
    erase(world, "acme", "--apply")
    with open_ledger(world.address) as ledger:
        ledger.run("DELETE FROM retention_audit WHERE number = 2")
    more = put_person(world, "acme")
    done = erase(world, "acme", "birch", "--apply")
    assert (done.exit_code, "Line 2 of the audit of acme does not follow" in words(done)) == (1, True), done.output
    assert list_deleted(world) == mine["acme"] | mine["birch"]
    assert not list_deleted(world) & more
