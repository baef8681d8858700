"""Holds, and tenants that are suspended, closed, released or without an account: each its own stated behaviour."""

from datetime import date, timedelta

import pytest

from faketwilio.control.console import act
from tenantry.ledger.holds import HeldTenant, open_holds, record_hold
from tenantry.operations.retention.story import Asked, retain_records
from tenantry.operations.retention.targets import OBSERVED, Shard, read_shard

RULE = "retention: {messages: {keep_days: 30}}\n"
REDACT = "retention: {messages: {keep_days: 30, action: redact}}\n"
HOLD = 'hold: {reason: claim 12, since: "2026-11-01", by: ana'
RELEASED = f'{HOLD}, released: {{by: ben, on: "2026-11-20"}}}}\n'


@pytest.fixture
def old_message(world):
    world.tenant("acme", RULE)
    [sid] = world.put("acme", "message", 31)
    return sid


def standing(world, report):
    tenant = world.report_of(report)
    return tenant.standing, tenant.reason


def remember(world):
    with world.open() as ledger:
        record_hold(ledger, world.fake.account_sid, HeldTenant("acme", "claim 12", date(2026, 11, 1), "ana"))


def test_nothing_of_a_held_tenant_is_deleted(world, old_message):
    world.tenant("acme", f"{RULE}{HOLD}}}\n")
    report = world.retain()
    assert standing(world, report) == ("held", "it is held since 2026-11-01: claim 12")
    assert (report.exit_code, world.has("message", old_message)) == (2, True)
    with world.open() as ledger:
        assert [hold.reason for hold in open_holds(ledger, world.fake.account_sid)] == ["claim 12"]


@pytest.mark.parametrize("memory", ["ledger", "state", "both"])
def test_a_hold_that_vanished_from_the_manifest_still_holds(world, old_message, memory):
    if memory != "state":
        remember(world)
    if memory != "ledger":
        world.held = {"acme": "held"}
    report = world.retain()
    word, reason = standing(world, report)
    assert (word, world.has("message", old_message)) == ("held", True)
    assert "nobody wrote `released` into it" in str(reason)


def test_a_released_hold_lets_the_job_go_on(world, old_message):
    remember(world)
    world.held = {"acme": "held"}
    world.tenant("acme", f"{RULE}{RELEASED}")
    assert (world.retain().exit_code, world.has("message", old_message)) == (0, False)
    world.tenant("acme", RULE)
    world.held = {"acme": "released"}
    assert world.retain().exit_code == 0


def test_a_release_that_is_written_ahead_holds_until_its_day(world, old_message):
    world.tenant("acme", f'{RULE}{HOLD}, released: {{by: ben, on: "2026-12-01"}}}}\n')
    assert standing(world, world.retain()) == ("held", "it is held since 2026-11-01 until 2026-12-01: claim 12")
    with world.open() as ledger:
        assert len(open_holds(ledger, world.fake.account_sid)) == 1
    world.time.now += timedelta(hours=12)
    assert (world.retain().exit_code, world.has("message", old_message)) == (0, False)


def test_a_hold_that_is_written_while_the_job_runs_wins(world, old_message):
    with world.desk() as desk:
        world.tenant("acme", f"{RULE}{HOLD}}}\n")
        report = retain_records(desk, Asked())
    assert (standing(world, report)[0], world.has("message", old_message), world.audit()) == ("held", True, [])


def test_a_manifest_that_breaks_while_the_job_runs_is_held(world, old_message):
    with world.desk() as desk:
        world.tenant("acme", "retention: [\n")
        report = retain_records(desk, Asked())
    assert (standing(world, report)[0], world.has("message", old_message)) == ("held", True)


def set_status(world, status):
    act(world.fake.store, {"set": world.sids["acme"], "fields": {"status": status}})


@pytest.mark.parametrize(
    ("manifest", "status", "expected", "code"),
    [
        ("", "suspended", "open", 0),
        ("", "closed", "left_out", 2),
        ('state: closed\nclose_after: "2026-01-01"\n', "closed", "left_out", 0),
        ("state: released\n", "active", "left_out", 0),
        ("state: suspended\n", "suspended", "open", 0),
    ],
)
def test_each_state_of_a_tenant_has_its_own_behaviour(world, old_message, manifest, status, expected, code):
    set_status(world, status)
    world.tenant("acme", RULE + manifest)
    report = world.retain()
    assert (standing(world, report)[0], report.exit_code) == (expected, code)
    assert world.has("message", old_message) == (expected != "open")


def test_a_redaction_that_a_suspended_account_refuses_is_a_failure(world):
    world.tenant("acme", REDACT)
    world.put("acme", "message", 31, 3, body="a")
    set_status(world, "suspended")
    report = world.retain()
    assert (report.exit_code, report.done) == (1, 0)
    assert "20003" in str(world.report_of(report).rules[0].problem)


def test_a_tenant_without_an_account_is_left_out(world):
    world.tenant("acme", RULE, account=False)
    report = world.look()
    assert (standing(world, report), report.exit_code) == (
        ("left_out", "it has no account yet; `tenantry up` makes it"),
        2,
    )


def test_only_the_named_tenants_and_the_shard_are_worked_on(world):
    for number in range(6):
        world.tenant(f"t{number}", RULE)
        world.put(f"t{number}", "message", 31)
    world.retain("t0", "t3")
    assert [world.number("message", f"t{number}") for number in range(6)] == [0, 1, 1, 0, 1, 1]
    first, second = (world.look(shard=Shard(number, 2)) for number in (1, 2))
    slugs = [[tenant.tenant for tenant in report.tenants] for report in (first, second)]
    assert sorted(slugs[0] + slugs[1]) == [f"t{number}" for number in range(6)]
    assert str(read_shard("3/8")) == "3/8"


def test_an_observed_tenant_is_left_out(world, old_message):
    observed = f"manage: observe\naccount: {{adopt: {world.sids['acme']}}}\n"
    world.tenant("acme", f"{RULE}{observed}")
    for run in (world.look, world.retain):
        report = run()
        assert (standing(world, report), report.exit_code) == (("left_out", OBSERVED), 0)
    world.tenant("acme", f"{RULE}{observed}{HOLD}}}\n")
    assert standing(world, world.retain())[0] == "held"
    assert (world.has("message", old_message), world.audit()) == (True, [])


def test_records_wait_for_their_statements_where_a_tenant_says_so(world):
    waits = "retention: {messages: {keep_days: 30}, after_reconciliation: true}\n"
    world.tenant("acme", f'{waits}billed_from: "2026-10-01"\n')
    [unbilled] = world.put("acme", "message", 61)
    [waiting] = world.put("acme", "message", 45)
    world.retain()
    assert (world.has("message", unbilled), world.has("message", waiting)) == (False, True)
