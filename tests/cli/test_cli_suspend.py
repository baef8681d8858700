"""`tenantry suspend` and `tenantry resume`: a set of reasons in the ledger, which the account at Twilio follows."""

import json

import jsonschema
import pytest
from billing_world import BillingWorld

from faketwilio.control.console import act
from faketwilio.store.fault import Fault
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.check import find_problems
from tenantry.ledger.notices import notices_of
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.suspensions import open_suspensions, suspensions_of
from tenantry.reports.suspensions.as_json import suspension_schema


@pytest.fixture
def world(tmp_path):
    address = SqliteAddress(tmp_path / "ledger.db")
    make_ledger(address)
    world = BillingWorld(tmp_path, address)
    with world.fake:
        write(world)
        world.make_account("acme")
        yield world


def write(world, lines=""):
    world.repository.commit("2026-03-01", {"tenants/acme.yaml": f"tenant: acme\nname: Acme Dental\n{lines}"})


def suspend(world, reason, *more, tenant="acme"):
    return world.run("suspend", tenant, "--reason", reason, "--ref", "INV-7", "--by", "ana", "--without-state", *more)


def resume(world, reason, *more, tenant="acme"):
    return world.run("resume", tenant, "--reason", reason, "--by", "ben", "--without-state", *more)


def status(world):
    return world.fake.store.accounts.get(world.sids["acme"]).status


def reasons(world):
    with open_ledger(world.address) as ledger:
        assert find_problems(ledger) == ()
        return [row.reason for row in open_suspensions(ledger, world.fake.account_sid, "acme")]


def in_console(world, new):
    act(world.fake.store, {"set": world.sids["acme"], "fields": {"status": new}})


def refuse_updates(world, times=1):
    path = f"/2010-04-01/Accounts/{world.sids['acme']}.json"
    world.fake.store.faults.append(Fault("error", method="POST", path=path, status=400, code=20001, times=times))


def words(done):
    return " ".join(done.output.split())


def test_a_reason_suspends_the_account_and_is_kept(world):
    done = suspend(world, "nonpayment", "--until", "2999-01-31")
    assert (done.exit_code, status(world), reasons(world)) == (0, "suspended", ["nonpayment"])
    with open_ledger(world.address) as ledger:
        [row] = suspensions_of(ledger, world.fake.account_sid, "acme")
    assert (row.ref, row.by, row.account_sid, f"{row.until:%Y-%m-%d}") == (
        "INV-7",
        "ana",
        world.sids["acme"],
        "2999-01-31",
    )


def test_an_account_is_active_only_when_no_reason_is_left(world):
    suspend(world, "nonpayment")
    suspend(world, "fraud")
    assert (resume(world, "nonpayment").exit_code, status(world), reasons(world)) == (0, "suspended", ["fraud"])
    assert (resume(world, "fraud").exit_code, status(world), reasons(world)) == (0, "active", [])


def test_a_reason_needs_a_reference_that_says_something(world):
    done = world.run("suspend", "acme", "--reason", "fraud", "--ref", " ", "--by", "ana", "--without-state")
    assert (done.exit_code, status(world), reasons(world)) == (1, "active", [])
    assert "--ref: it is empty; nothing was written" in words(done).replace("'", "")


def test_a_reason_is_recorded_once(world):
    suspend(world, "nonpayment")
    done = suspend(world, "nonpayment")
    assert (done.exit_code, reasons(world)) == (0, ["nonpayment"])
    assert "suspended for nonpayment already; the ledger was not changed" in done.output


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            "state: active\n",
            "tenants/acme.yaml:3:8: acme says `state: active`, so the next `up` would make it active again. Nothing "
            "was written. Take `state` out of the manifest, merge that, and run this again.",
        ),
        ('state: closed\nclose_after: "2027-01-01"\n', "acme says `state: closed`. Nothing was written."),
        ("state: released\n", "acme says `state: released`. Nothing was written."),
        (
            "manage: observe\naccount: {adopt: AC11111111111111111111111111111111}\n",
            "acme is only observed (manage: observe): nobody changes it here. Nothing was written.",
        ),
    ],
)
def test_a_manifest_that_says_otherwise_is_refused(world, lines, sentence):
    write(world, lines)
    done = suspend(world, "fraud")
    assert (done.exit_code, status(world), reasons(world)) == (1, "active", [])
    assert sentence in words(done)


@pytest.mark.parametrize(
    ("tenant", "more", "sentence"),
    [
        ("acne", (), "There is no tenant 'acne'. Did you mean 'acme'? Nothing was written."),
        ("acme", ("--until", "2020-01-01"), "--until 2020-01-01 is over already."),
        ("birch", (), "birch: it has no account yet"),
    ],
)
def test_what_cant_be_suspended_is_refused(world, tenant, more, sentence):
    world.repository.commit("2026-03-01", {"tenants/birch.yaml": "tenant: birch\nname: Birch\n"})
    done = suspend(world, "fraud", *more, tenant=tenant)
    assert (done.exit_code, status(world), reasons(world)) == (1, "active", [])
    assert sentence in words(done)


def test_an_account_that_is_closed_is_refused(world):
    write(world, f"account: {{adopt: {world.sids['acme']}}}\n")
    in_console(world, "closed")
    done = suspend(world, "fraud")
    assert (done.exit_code, reasons(world)) == (1, [])
    assert f"acme: its account {world.sids['acme']} is closed in Twilio." in words(done)


def test_where_twilio_fails_the_reason_stands_and_the_next_run_acts(world):
    refuse_updates(world)
    done = suspend(world, "fraud")
    assert (done.exit_code, status(world), reasons(world)) == (1, "active", ["fraud"])
    assert "The reason is recorded, and the account has not followed. Run the same command again." in words(done)
    assert (suspend(world, "fraud").exit_code, status(world)) == (0, "suspended")


def test_where_waking_fails_the_next_run_wakes(world):
    suspend(world, "nonpayment")
    refuse_updates(world)
    assert (resume(world, "nonpayment").exit_code, status(world), reasons(world)) == (1, "suspended", [])
    assert (resume(world, "nonpayment").exit_code, status(world)) == (0, "active")


def test_a_suspension_whose_answer_was_lost_is_found(world):
    path = f"/2010-04-01/Accounts/{world.sids['acme']}.json"
    world.fake.store.faults.append(Fault("drop-after-commit", method="POST", path=path, times=1))
    assert (suspend(world, "fraud").exit_code, status(world)) == (0, "suspended")


def test_an_account_that_a_person_suspended_is_not_made_active(world):
    in_console(world, "suspended")
    done = resume(world, "nonpayment")
    assert (done.exit_code, status(world)) == (1, "suspended")
    assert "acme was never suspended for nonpayment, by the ledger. Nothing was written." in words(done)


def test_a_reason_that_never_held_is_refused_and_names_those_that_do(world):
    suspend(world, "fraud")
    done = resume(world, "nonpayment")
    assert (done.exit_code, reasons(world)) == (1, ["fraud"])
    assert words(done).endswith("It is suspended for fraud.")


def test_a_manifest_keeps_an_account_suspended(world):
    write(world, "state: suspended\n")
    suspend(world, "nonpayment")
    done = resume(world, "nonpayment")
    assert (done.exit_code, status(world), reasons(world)) == (0, "suspended", [])
    assert "Its manifest says `state: suspended`, which keeps it so." in words(done)


def test_an_account_that_twilio_suspended_stays_so_and_says_why(world):
    act(
        world.fake.store,
        {"set": world.sids["acme"], "fields": {"status": "suspended", "suspended_by_twilio": True}},
    )
    assert suspend(world, "twilio").exit_code == 0
    done = resume(world, "twilio")
    assert (done.exit_code, status(world)) == (1, "suspended")
    assert "Twilio suspended this account itself; ask Twilio's support." in words(done)


def test_the_application_is_told_of_the_first_reason_and_of_the_last(world):
    for change, reason in ((suspend, "fraud"), (suspend, "nonpayment"), (resume, "fraud"), (resume, "nonpayment")):
        change(world, reason)
    with open_ledger(world.address) as ledger:
        notices = notices_of(ledger, world.fake.account_sid)
    payloads = [json.loads(notice.payload) for notice in notices]
    assert [(notice.type, notice.audience, notice.tenant) for notice in notices] == [
        ("tenant.suspended", "us", "acme"),
        ("tenant.resumed", "us", "acme"),
    ]
    assert [(payload["reason"], payload["by"]) for payload in payloads] == [("fraud", "ana"), ("nonpayment", "ben")]
    assert not any(word in payload["text"] for payload in payloads for word in ("fraud", "nonpayment", "INV-7"))


def test_json_is_as_its_schema_says(world):
    suspend(world, "fraud", "--until", "2999-01-31")
    refuse_updates(world)
    outcomes = [json.loads(change(world, "fraud", "--format", "json").stdout) for change in (suspend, resume)]
    for outcome in outcomes:
        jsonschema.validate(outcome, suspension_schema())
    assert [(row["reason"], row["until"]) for row in outcomes[0]["reasons"]] == [("fraud", "2999-01-31")]
    assert (outcomes[1]["status"], outcomes[1]["reasons"], outcomes[1]["is_changed"]) == ("suspended", [], False)
    assert "Twilio answered 400" in outcomes[1]["problem"]


def test_without_a_ledger_nothing_is_suspended(world):
    world.address.path.unlink()
    done = suspend(world, "fraud")
    assert (done.exit_code, status(world)) == (1, "active")
    assert "tenantry ledger init" in words(done)
