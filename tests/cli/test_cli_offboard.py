"""`tenantry offboard` as a person runs it: each step as it is, records deleted and read again, and a page to sign."""

from datetime import UTC, date, datetime

import pytest
from leaving_world import (
    HOLD,
    LEAVES,
    STEPS,
    confirm,
    leave,
    offboard,
    put,
    read_report,
    set_status,
    states,
    words,
    world,
    write,
)

from faketwilio.control.console import act
from faketwilio.hosts.api.archives import CALLS, MESSAGES, RECORDINGS
from faketwilio.hosts.api.records import IncomingPhoneNumber
from faketwilio.store.fault import Fault
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.health_days import read_days
from tenantry.ledger.opening import open_ledger
from tenantry.manifest.load import load_or_refuse
from tenantry.operations.ledger.opening import Place
from tenantry.operations.offboarding.closing import find_unread

__all__ = ["world"]


def test_a_tenant_that_does_not_leave_says_what_is_first(world):
    done = offboard(world)
    assert done.exit_code == 2
    assert "next: write `state: closed` and `close_after`" in words(done)
    assert states(world)["notice"] == "open"


def test_every_step_is_done_in_its_order(world):
    put(world, "message", 5)
    put(world, "call", 3)
    put(world, "recording", 2)
    leave(world)
    found = states(world)
    assert [name for name in STEPS if found[name] == "open"] == ["records", "read_again"]
    done = offboard(world, "--apply")
    assert (done.exit_code, states(world)["read_again"]) == (2, "done")
    counts = [world.fake.store.archive(kind).count(world.sids["acme"]) for kind in (MESSAGES, CALLS)]
    with open_ledger(world.address) as ledger:
        days = read_days(ledger, world.fake.account_sid, date(2020, 1, 1), date(2030, 1, 1))[world.sids["acme"]]
    assert sum(day.messages for day in days) == 5  # a month's service level outlives the messages
    recordings = world.fake.store.archive(RECORDINGS).read("", [])
    assert (counts, all(recording.date_deleted for recording in recordings)) == ([0, 0], True)
    set_status(world, "closed")
    assert offboard(world).exit_code == 0
    assert read_report(world)["deleted"] == {"calls": 3, "messages": 5, "recordings": 2}
    assert "Deleted: 3 calls, 5 messages, 2 recordings." in words(offboard(world))
    assert "acme has left: all 11 steps are done." in words(offboard(world))


def test_records_that_came_after_the_last_read_open_the_step_again(world):
    leave(world)
    offboard(world, "--apply")
    put(world, "message", 1)
    found = states(world)
    assert (found["records"], found["read_again"]) == ("open", "open")


@pytest.mark.parametrize(
    ("manifest", "status", "sentence"),
    [
        ("tenant: acme\nname: Acme\n", "suspended", "notice: the manifest does not say that it leaves"),
        (LEAVES, "active", "suspended: the account is active"),
        (LEAVES, "suspended", "export: nobody has confirmed it"),
        (LEAVES + HOLD, "suspended", "acme: it is held since 2026-01-01: claim 12. Nothing was deleted."),
        (
            LEAVES + "terms: {currency: usd, fees: {base: 10}}\n",
            "suspended",
            "statement: nobody said until when it is billed",
        ),
    ],
)
def test_nothing_is_deleted_before_what_comes_first(world, manifest, status, sentence):
    put(world, "message", 1)
    write(world, manifest)
    set_status(world, status)
    done = offboard(world, "--apply")
    assert (done.exit_code, sentence in words(done)) == (1, True), done.output
    assert world.fake.store.archive(MESSAGES).count(world.sids["acme"]) == 1


def test_an_unfinished_record_keeps_the_step_open(world):
    put(world, "call", 1, status="in-progress", end_time=None)
    leave(world)
    assert offboard(world, "--apply").exit_code == 2
    assert states(world)["read_again"] == "open"


def test_phone_numbers_are_named_until_they_are_gone_or_confirmed(world):
    now, number = datetime.now(UTC), "+14155550100"
    record = IncomingPhoneNumber(f"PN{'1' * 32}", world.sids["acme"], number, number, now, now)
    world.fake.store.table(IncomingPhoneNumber).put(record)
    leave(world)
    assert states(world)["numbers"] == "open"
    assert "+1415" not in offboard(world).output
    confirm(world, "numbers")
    assert states(world)["numbers"] == "done"


def test_the_page_can_be_signed_and_has_the_proof(world):
    put(world, "message", 2)
    leave(world)
    offboard(world, "--confirm", "export", "--ref", "<script>alert(1)</script>")
    offboard(world, "--apply")
    page = offboard(world, "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert all(
        text in page
        for text in ("Signed", "End of the audit", "4:", "What was deleted", "Read again after the deletion")
    )
    assert ("<script>" in page, "&lt;script&gt;alert(1)&lt;/script&gt;" in page) == (False, True)


@pytest.mark.parametrize(
    "arguments", [("--confirm", "export"), ("--ref", "T-1"), ("--confirm", "export", "--ref", " ")]
)
def test_a_confirmation_needs_a_reference(world, arguments):
    done = offboard(world, *arguments)
    assert (done.exit_code, "--confirm and --ref go together" in words(done)) == (1, True)


def list_refusals(world):
    root = world.repository.root
    loaded = load_or_refuse(root)
    environ = {name: value for name, value in world.environ.items() if value is not None}
    return find_unread(Place(root, loaded.stack, environ), loaded, ("acme",), lambda: None)


def test_an_account_is_not_closed_before_the_last_read(world):
    assert list_refusals(world) == ()
    leave(world)
    [refusal] = list_refusals(world)
    assert refusal.startswith("acme: it is being offboarded, and its records were not read again after their deletion.")
    offboard(world, "--apply")
    assert list_refusals(world) == ()
    put(world, "message", 1)
    [refusal] = list_refusals(world)
    assert refusal.startswith("acme: 1 record came since its account was read after the deletion.")


def test_an_account_whose_last_month_is_not_billed_is_not_closed(world):
    terms = "terms: {currency: usd, fees: {base: 10}}\n"
    write(world, LEAVES + terms)
    assert list_refusals(world) == ()  # nobody bills it here
    world.close("2026-03")
    [refusal] = list_refusals(world)
    assert "has no `billed_until`, so nobody knows which one is the last" in refusal
    write(world, f'{LEAVES}{terms}billed_until: "2026-04-10"\n')
    [refusal] = list_refusals(world)
    assert "Run `tenantry bill --month 2026-04 --close` first." in refusal
    world.close("2026-04")
    assert list_refusals(world) == ()


def test_nothing_is_deleted_behind_a_broken_audit(world):
    put(world, "message", 2)
    leave(world)
    offboard(world, "--apply")
    with open_ledger(world.address) as ledger:
        ledger.run("DELETE FROM retention_audit WHERE number = 2")
    put(world, "message", 1)
    done = offboard(world, "--apply")
    assert (done.exit_code, "Line 2 of the audit of acme does not follow" in words(done)) == (1, True), done.output
    assert states(world)["records"] == "failed"
    assert world.fake.store.archive(MESSAGES).count(world.sids["acme"]) == 1


def test_no_account_is_closed_while_the_ledger_can_not_be_asked(world):
    leave(world)
    world.address.path.unlink()
    with pytest.raises(LedgerError, match="Closing can't be undone, so nothing was begun"):
        list_refusals(world)


@pytest.mark.parametrize(
    ("manifest", "sentence"),
    [
        ("tenant: acme\nname: Acme\nmanage: observe\naccount: {adopt: SID}\n", "acme: its manifest says `manage: obs"),
        ("tenant: acme\nname: Acme\nstate: released\n", "acme was released"),
    ],
)
def test_what_is_not_ours_to_change_does_not_leave(world, manifest, sentence):
    write(world, manifest.replace("SID", world.sids["acme"]))
    for arguments in ((), ("--apply",)):
        done = offboard(world, *arguments)
        assert (done.exit_code, sentence in words(done)) == (1, True), done.output


def test_a_tenant_without_an_account_has_not_left(world):
    write(world, LEAVES)
    act(world.fake.store, {"set": world.sids["acme"], "fields": {"friendly_name": "another"}})
    done = offboard(world, "--apply")
    assert (done.exit_code, "acme: it has no account yet" in words(done)) == (1, True), done.output


def test_a_record_that_twilio_calls_unfinished_keeps_the_step_open(world):
    put(world, "message", 1)
    leave(world)
    fault = Fault("error", path="*/Messages/*.json", method="DELETE", status=409, code=20009, times=None)
    world.fake.store.faults.append(fault)
    assert (offboard(world, "--apply").exit_code, states(world)["records"]) == (2, "open")
