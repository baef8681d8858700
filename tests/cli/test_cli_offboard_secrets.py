"""Secrets in sinks of a customer that leaves: deleted with its records, each in the audit, by whoever runs it last."""

from datetime import UTC, date, datetime

import pytest
from leaving_world import LEAVES, confirm, leave, offboard, put, read_report, set_status, states, words, world, write
from sink_stores import FilesStore, key_secret

from faketwilio.hosts.api.archives import MESSAGES
from tenantry.ledger.opening import open_ledger
from tenantry.ledger.retention_audit import AuditEntry, ChainOwner, append_audit, each_line
from tenantry.model.api_key import ApiKeyEntry
from tenantry.model.secret_sink import AwsSecretsManager
from tenantry.model.tenant import Tenant
from tenantry.operations.offboarding.sink_secrets import KIND, SinkSecret
from tenantry.operations.offboarding.steps import Seen, steps_of
from tenantry.operations.rotation.keys import make_key
from tenantry.operations.rotation.sinks import OpenSink

__all__ = ["world"]

KEYS = "api_keys: {web: {access: standard, deliver_to: [disk]}, sender: {access: standard, deliver_to: [disk]}}\n"


@pytest.fixture
def store(world, tmp_path):
    store = FilesStore(tmp_path)
    project = (world.repository.root / "tenantry.yaml").read_text()
    sink = f"secret_sinks: {{disk: {{type: private_files, folder: {store.folder}}}}}\n"
    world.repository.commit("2026-03-02", {"tenantry.yaml": project + sink})
    for number, key in enumerate(("web", "sender"), 1):
        secret = key_secret(key=key, sid=f"SK{number:032x}", account_sid=world.sids["acme"])
        store.open().put(store.name(key=key), secret)
    leave(world)
    write(world, LEAVES + KEYS)
    return store


def step(world):
    return next(step for step in read_report(world)["steps"] if step["name"] == "secrets")


def audit_lines(world):
    with open_ledger(world.address) as ledger:
        entries = [line.entry for line in each_line(ledger, world.fake.account_sid)]
    return [(entry.event, entry.outcome, entry.reason) for entry in entries if entry.kind == KIND]


def is_there(store, key="web"):
    return store.open().version(store.name(key=key)) is not None


def test_secrets_are_named_and_then_deleted_with_the_records(world, store):
    put(world, "message", 2)
    found = step(world)
    assert (found["state"], found["detail"].startswith("2 secrets in sinks: acme/sender.json")) == ("open", True)
    assert offboard(world, "--apply").exit_code == 2  # it is not closed yet
    assert [is_there(store, key) for key in ("web", "sender")] == [False, False]
    assert step(world)["detail"] == "its sinks hold none; its keys end with the account"
    assert read_report(world)["deleted"] == {"messages": 2, KIND: 2}
    lines = audit_lines(world)
    assert [outcome for _, outcome, _ in lines] == [None, "done", None, "done"]
    assert {reason for _, _, reason in lines} == {"offboarding, sink disk"}
    offboard(world, "--apply")
    assert audit_lines(world) == lines


def test_secrets_stay_as_long_as_the_account_is_active(world, store):
    set_status(world, "active")
    done = offboard(world, "--apply")
    assert (done.exit_code, is_there(store)) == (1, True), done.output


def test_another_accounts_secret_is_left_and_stops_no_record(world, store):
    put(world, "message", 1)
    sink = store.open()
    sink.delete(store.name(), key_secret(account_sid=world.sids["acme"]).owner)
    sink.put(store.name(), key_secret())
    done = offboard(world, "--apply")
    assert (done.exit_code, "not of acme, account" in words(done)) == (1, True), done.output
    assert (is_there(store), is_there(store, "sender")) == (True, False)
    assert world.fake.store.archive(MESSAGES).count(world.sids["acme"]) == 0
    confirm(world, "secrets")
    assert states(world)["secrets"] == "done"


def test_a_sink_that_is_down_fails_until_a_person_confirms(world, store):
    store.folder.chmod(0o755)
    assert "is open to others" in step(world)["detail"]
    assert offboard(world, "--apply").exit_code == 1
    confirm(world, "secrets")
    assert states(world)["secrets"] == "done"
    store.folder.chmod(0o700)
    assert states(world)["secrets"] == "open"  # what a sink shows counts more than what somebody said


@pytest.mark.parametrize(("deletes", "outcome"), [(True, "gone"), (False, "still_there")])
def test_a_deletion_that_was_killed_is_settled_by_the_next_run(world, store, deletes, outcome):
    owner, account_sid = ChainOwner(world.fake.account_sid, "acme"), world.sids["acme"]
    sid = key_secret().sid
    entry = AuditEntry("intent", KIND, "delete", account_sid, sid, None, "offboarding, sink disk")
    with open_ledger(world.address, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)) as ledger, ledger.writing_facts():
        append_audit(ledger, owner, "killed", [entry])
    if deletes:
        for key in ("web", "sender"):
            store.open().delete(store.name(key=key), key_secret(key=key, account_sid=account_sid).owner)
    put(world, "message", 1)
    assert offboard(world, "--apply").exit_code == 2
    assert audit_lines(world)[1][1] == outcome
    assert not is_there(store)


def test_a_closed_account_has_its_secrets_deleted_too(world, store):
    set_status(world, "closed")
    offboard(world, "--apply")
    assert not is_there(store)
    assert offboard(world).exit_code == 0


def test_what_a_store_can_restore_is_told_with_its_day():
    aws = AwsSecretsManager(type="aws_secrets_manager", region="us-east-1", name="{stack}/{tenant}/{key}")
    sink = OpenSink("production", aws, "dev", lambda: datetime(2026, 11, 30, tzinfo=UTC))
    key = make_key("acme", "web", ApiKeyEntry(access="standard", deliver_to=("production",)), ())
    tenant = Tenant(tenant="acme", name="Acme")
    seen = Seen(tenant, date(2026, 11, 30), "suspended", secrets=(SinkSecret(key, sink, until=date(2026, 12, 30)),))
    found = next(step for step in steps_of(seen) if step.name == "secrets")
    assert (found.state, found.detail) == (
        "done",
        "its sinks hold none; deleted, and the store can restore it: dev/acme/web in AWS Secrets Manager in us-east-1 "
        "until 2026-12-30; its keys end with the account",
    )
