"""`tenantry retain` as a person runs it: dry run, apply, guards, formats, the audit, and holds that vanish."""

import json
from datetime import UTC, date, datetime

import jsonschema
import pytest
from billing_world import BillingWorld

from faketwilio.control.seed import seed
from faketwilio.hosts.api.archives import MESSAGES
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.health_days import read_days
from tenantry.ledger.opening import open_ledger
from tenantry.reports.retention.as_json import audit_schema, retention_schema

RULE = "tenant: acme\nname: Acme Dental\nretention: {messages: {keep_days: 30}}\n"
HELD = f'{RULE}hold: {{reason: claim 12, since: "2026-01-01", by: ana}}\n'
RELEASED = HELD.replace("by: ana}", 'by: ana, released: {by: ben, on: "2026-02-01"}}')
SECRET, NUMBER = "a secret text", "+14155550199"


@pytest.fixture
def world(tmp_path):
    world = BillingWorld(tmp_path, SqliteAddress(tmp_path / "ledger.db"))
    with world.fake:
        write(world, RULE)
        world.make_account("acme")
        # The clock of this machine is the real one here, so Twilio's must be it too.
        world.set_clock(datetime.now(UTC))
        yield world


def write(world, text):
    world.repository.commit("2026-03-01", {"tenants/acme.yaml": text})


def put(world, count=3):
    fields = {"date_created": "2026-01-05", "date_sent": "2026-01-05", "body": SECRET, "to": NUMBER}
    order = {"kind": "message", "account": world.sids["acme"], "count": count, "fields": fields}
    return list(seed(world.fake.store, order)["sids"])


def retain(world, *arguments):
    return world.run("retain", "--without-state", *arguments)


def words(done):
    return " ".join(done.output.split())


def test_a_dry_run_says_what_is_due_and_an_apply_deletes_it(world):
    put(world)
    dry = retain(world)
    assert (dry.exit_code, "3 records due, 3 calls to delete them" in dry.output) == (2, True)
    assert "A dry run: nothing was deleted." in dry.output
    done = retain(world, "--apply")
    assert (done.exit_code, "3 records deleted or redacted" in done.output) == (0, True)
    assert retain(world).exit_code == 0


def test_what_came_of_the_days_is_kept_before_they_are_deleted(world):
    put(world)
    retain(world, "--apply")
    with open_ledger(world.address) as ledger:
        days = read_days(ledger, world.fake.account_sid, date(2026, 1, 5), date(2026, 1, 6))[world.sids["acme"]]
    assert [day.messages for day in days] == [3, 0]


def test_json_follows_its_schema_and_html_is_one_page(world):
    put(world)
    for arguments in ((), ("--apply",)):
        report = json.loads(retain(world, "--format", "json", *arguments).stdout)
        jsonschema.validate(report, retention_schema())
        assert report["tenants"][0]["rules"][0]["due"] == 3
    page = retain(world, "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert "messages older than 13 months" in page


def test_the_audit_is_verified_and_exported_without_bodies_numbers_and_names(world, tmp_path):
    put(world)
    retain(world, "--apply")
    verified = world.run("retain", "--verify", "--format", "json")
    report = json.loads(verified.stdout)
    jsonschema.validate(report, audit_schema())
    end = f"acme={report['chains'][0]['lines']}:{report['chains'][0]['head'][:16]}"
    file = tmp_path / "audit.jsonl"
    assert world.run("retain", "--export", str(file)).exit_code == 0
    assert world.run("retain", "--verify", "--file", str(file), "--head", end).exit_code == 0
    text = file.read_text()
    assert (oct(file.stat().st_mode)[-3:], len(text.splitlines())) == ("600", 7)
    assert not any(word in text for word in (SECRET, NUMBER, "Acme Dental"))
    again = world.run("retain", "--export", str(file))
    assert (again.exit_code, "is there already" in again.output) == (1, True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda lines: [*lines[:2], *lines[3:]], "a line was removed, changed or moved"),
        (lambda lines: [*lines[:1], lines[2], lines[1], *lines[3:]], "a line was removed, changed or moved"),
        (lambda lines: [line.replace("2026-01-05", "2026-01-06") for line in lines], "a line was removed, changed"),
        (lambda lines: lines[:-1], "The audit of acme does not have the head 6:"),
        (lambda lines: lines[:1], "it is not there. Lines are missing or were changed"),
    ],
    ids=["removed", "reordered", "changed", "cut", "all removed"],
)
def test_an_exported_audit_that_somebody_changed_is_noticed(world, tmp_path, change, sentence):
    put(world)
    retain(world, "--apply")
    file = tmp_path / "audit.jsonl"
    world.run("retain", "--export", str(file))
    file.write_text("\n".join(change(file.read_text().splitlines())) + "\n")
    done = world.run("retain", "--verify", "--file", str(file))
    assert (done.exit_code, sentence in words(done)) == (1, True), done.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--shard", "9/8"), "'9/8' is no part of the tenants, such as 3/8: the third of eight. Nothing was read."),
        (("acne",), "There is no tenant 'acne' in tenants/; did you mean 'acme'?"),
        (("--apply", "--verify"), "--apply, --verify, --export and --accept-break are runs of their own"),
        (("--head", "acme=1:2"), "--head and --file are for --verify."),
        (("--verify", "--head", "acme"), "'acme' is no end of an audit, such as acme=12:0123456789abcdef."),
        (("--verify", "--file", "tenantry.yaml"), "is no audit that `tenantry retain --export` wrote"),
        (("--accept-break", "acme"), "--accept-break and --ref go together."),
        (("acme", "--accept-break", "--ref", "T-1"), "acme has no audit. Nothing was written."),
        (("--accept-break", "--ref", "T-1"), "a break is of one tenant"),
        (("--verify", "--format", "html"), "--verify has --format text and json"),
    ],
)
def test_a_wrong_option_is_refused_with_a_sentence(world, arguments, sentence):
    file = str(world.repository.root / "tenantry.yaml")
    done = retain(world, *(file if part == "tenantry.yaml" else part for part in arguments))
    assert (done.exit_code, sentence in words(done)) == (1, True), done.output


def test_nothing_is_deleted_without_a_ledger(world):
    [first, *_] = put(world)
    world.repository.commit("2026-03-02", {"tenantry.yaml": "format: 1\n"})
    assert retain(world).exit_code == 2
    done = retain(world, "--apply")
    assert (done.exit_code, "This needs a ledger, and tenantry.yaml names none." in words(done)) == (1, True)
    world.address.path.unlink()
    world.repository.commit("2026-03-03", {"tenantry.yaml": f"format: 1\nledger: {world.address}\n"})
    done = retain(world, "--apply")
    assert (done.exit_code, "There is no ledger at" in words(done)) == (1, True)
    assert not any(method == "DELETE" for method, *_ in world.fake.store.request_log.log), first


def test_validate_refuses_a_vanished_hold_until_it_is_released(world):
    put(world)
    write(world, HELD)
    assert retain(world, "--apply").exit_code == 2
    write(world, RULE)
    done = world.run("validate", "--stack", "dev")
    assert done.exit_code == 1
    assert "tenants/acme.yaml:1:1: hold: its hold is gone from the manifest" in words(done)
    assert retain(world, "--apply").exit_code == 2
    write(world, RELEASED)
    assert world.run("validate", "--stack", "dev").exit_code == 0
    assert retain(world, "--apply").exit_code == 0
    write(world, RULE)
    assert world.run("validate", "--stack", "dev").exit_code == 0


BROKEN = "Line 2 of the audit of acme does not follow from those before it"


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE retention_audit SET outcome = 'gone' WHERE number = 5", "Line 5 of the audit of acme does not follow"),
        ("DELETE FROM retention_audit WHERE number = 2", BROKEN),
        ("DELETE FROM retention_audit WHERE number > 3", "The audit of acme ends at line 3, and the journal knows"),
        ("DELETE FROM retention_audit", "The audit of acme is gone, and the journal knows that there was one"),
    ],
    ids=["changed", "removed", "cut", "gone"],
)
def test_nothing_is_deleted_behind_a_broken_audit_until_somebody_accepts_it(world, damage, sentence):
    put(world)
    retain(world, "--apply")
    with open_ledger(world.address) as ledger:
        ledger.run(damage)
    put(world)
    for arguments in ((), ("--apply",)):
        done = retain(world, *arguments)
        assert (done.exit_code, sentence in words(done)) == (1, True), done.output
        assert "`tenantry retain acme --accept-break --ref REF`" in words(done)
    assert world.fake.store.archive(MESSAGES).count(world.sids["acme"]) == 3
    accepted = world.run("retain", "acme", "--accept-break", "--ref", "T-12", "--by", "ana")
    assert "or its breaks are accepted" in world.run("retain", "acme", "--accept-break", "--ref", "T-13").output
    assert (accepted.exit_code, sentence in words(accepted)) == (0, True), accepted.output
    assert retain(world, "--apply").exit_code == 0
    verified = world.run("retain", "--verify")
    assert (verified.exit_code, "ana accepted that on" in words(verified)) == (2, True), verified.output
    with open_ledger(world.address) as ledger:
        ledger.run("UPDATE retention_audit SET sid = 'SM0' WHERE id = (SELECT max(id) - 1 FROM retention_audit)")
    assert world.run("retain", "--verify").exit_code == retain(world, "--apply").exit_code == 1
