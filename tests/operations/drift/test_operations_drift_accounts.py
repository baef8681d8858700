"""Accounts: their names, their status, second ones, and those that nobody manages."""

from datetime import UTC, date, datetime

import pytest
from drift_world import SETTINGS, TODAY, WHOLE

from faketwilio.control.console import act
from tenantry.ledger.suspensions import Suspension
from tenantry.ledger.values import StackRef
from tenantry.operations.drift.accounts import WE_SUSPENDED
from tenantry.operations.drift.rules import HELD
from tenantry.operations.drift.story import find_drift
from tenantry.operations.drift.values import Difference
from tenantry.operations.ledger.held import Held
from tenantry.twilio.errors import TwilioError

SUSPENDED = f"state: suspended\n{WHOLE}"
CLOSED = f'state: closed\nclose_after: "2026-12-31"\n{WHOLE}'


def test_a_renamed_account_is_changed(acme):
    acme.set("acme", friendly_name="Hacked")
    (finding,) = acme.findings()
    assert (finding.kind, finding.entry, finding.name) == ("changed", "subaccount", "acme")
    assert finding.differences == (Difference(field="friendly_name", wanted="Acme (acme)", found="Hacked"),)


def test_a_new_name_in_the_manifest_is_not_applied(acme):
    path = acme.folder / "tenants" / "acme.yaml"
    path.write_text(path.read_text().replace("name: Acme", "name: Acme Dental"))
    assert acme.list_findings() == [("not_applied", "acme", "subaccount")]


def test_a_tenant_without_an_account_is_one_finding(acme):
    acme.write("birch")
    assert acme.list_findings() == [("not_applied", "birch", "subaccount")]


def test_an_account_suspended_by_others_has_a_status_not_ours(acme):
    acme.set("acme", status="suspended")
    (finding,) = acme.findings()
    assert (finding.kind, finding.severity) == ("status_not_ours", "high")
    assert finding.differences == (Difference(field="status", wanted=None, found="suspended"),)
    assert finding.reason is not None
    assert "error 21478" in finding.reason


def test_an_account_that_was_activated_and_is_suspended_now_is_changed(world):
    world.apply(acme=f"state: active\n{WHOLE}")
    world.set("acme", status="suspended")
    assert world.list_findings() == [("changed", "acme", "subaccount")]


def test_an_account_that_is_to_be_activated_is_not_applied(acme):
    acme.set("acme", status="suspended")
    acme.write("acme", f"state: active\n{WHOLE}")
    assert acme.list_findings() == [("not_applied", "acme", "subaccount")]
    assert [finding.severity for finding in acme.findings()] == ["high"]


def test_a_wanted_suspension_is_not_applied_and_objects_rest(acme):
    acme.delete("acme/api_key/web-1")
    acme.write("acme", SUSPENDED)
    assert acme.list_findings() == [("not_applied", "acme", "account_state")]


def test_a_suspended_tenant_is_clean_and_is_asked_nothing(acme):
    acme.apply(acme=SUSPENDED)
    report = acme.drift()
    assert (report.groups, report.tenants, report.resting) == ((), 2, 1)
    assert not [asked for asked in acme.list_requests() if acme.sid("acme") in asked]


def test_a_tenant_that_we_suspended_and_somebody_activated_is_changed(acme):
    acme.apply(acme=SUSPENDED)
    acme.set("acme", status="active")
    (finding,) = acme.findings()
    assert (finding.kind, finding.name) == ("changed", "acme/account_state")
    assert finding.differences == (Difference(field="status", wanted="suspended", found="active"),)


def test_an_account_closed_outside_is_reported_without_its_objects(acme):
    acme.set("acme", status="closed")
    (finding,) = acme.findings()
    assert (finding.kind, finding.severity, finding.tenant) == ("closed_outside", "high", "acme")
    assert "closing can't be undone" in finding.settle


def test_an_account_that_was_closed_before_its_day_is_closed_outside(acme):
    acme.apply(acme=CLOSED)
    acme.set("acme", status="closed")
    assert acme.list_findings() == [("closed_outside", "acme", "subaccount")]


def test_an_account_closed_on_its_day_is_no_finding(acme):
    acme.apply(acme=CLOSED)
    acme.set("acme", status="closed")
    assert acme.list_findings(today=date(2027, 1, 1)) == []


def test_an_account_that_we_closed_is_never_a_finding(acme):
    acme.apply(acme=CLOSED)
    acme.set_applied("acme/account_state", status="closed")
    acme.delete("acme")
    assert acme.list_findings() == []


def test_an_account_that_twilio_does_not_know_any_more_is_missing(acme):
    acme.delete("acme")
    (finding,) = acme.findings()
    assert (finding.kind, finding.entry, finding.sid) == ("missing", "subaccount", acme.sid("acme"))
    assert "it can't come back" in finding.settle


def test_any_number_of_accounts_may_be_missing_that_were_closed(world):
    closed = 'state: closed\nclose_after: "2026-10-01"\n'
    world.apply(**dict.fromkeys((f"t{number}" for number in range(12)), ""))
    for number in range(12):
        world.delete(f"t{number}")
        if number < 6:
            world.write(f"t{number}", closed)
        else:
            world.set_applied(f"t{number}", status="closed")
    assert {finding.kind for finding in world.findings()} == {"missing"}


def test_more_missing_accounts_than_can_be_true_are_an_error(world):
    for number in range(6):
        world.write(f"t{number}", "")
    world.apply()
    for number in range(6):
        world.delete(f"t{number}")
    with pytest.raises(TwilioError, match="does not know 6 of this stack's 6 accounts"):
        world.drift()


def test_a_second_account_of_a_tenant_is_a_duplicate(acme):
    second = acme.put("subaccount", acme.fake.account_sid, friendly_name="Acme Dental (acme)")
    acme.put("subaccount", acme.fake.account_sid, friendly_name="Old (acme)", status="closed")
    (finding,) = acme.findings()
    assert (finding.kind, finding.tenant, finding.sid, finding.severity) == ("duplicate", "acme", second, "high")


def test_open_accounts_without_a_manifest_are_unmanaged_and_closed_ones_not(acme):
    other = acme.put("subaccount", acme.fake.account_sid, friendly_name="Forgotten Inc")
    acme.put("subaccount", acme.fake.account_sid, friendly_name="Gone Inc", status="closed")
    (finding,) = acme.findings()
    assert (finding.kind, finding.tenant, finding.sid, finding.severity) == ("unmanaged", None, other, "low")
    assert "`tenantry new SLUG --name NAME`" in finding.settle


def test_a_tenant_whose_manifest_is_gone_is_unmanaged(acme):
    (acme.folder / "tenants" / "acme-2.yaml").unlink()
    (finding,) = acme.findings()
    assert (finding.kind, finding.tenant, finding.sid) == ("unmanaged", "acme-2", acme.sid("acme-2"))
    assert finding.reason == "its manifest is gone"
    assert finding.settle.startswith("bring the manifest back from git and run `tenantry up`")


def test_a_released_tenant_is_left_alone(acme):
    acme.set("acme", friendly_name="Theirs now")
    acme.write("acme", f"state: released\n{WHOLE}")
    assert acme.list_findings() == []


def test_a_suspended_parent_is_the_only_finding(acme):
    act(acme.fake.store, {"set": acme.fake.account_sid, "fields": {"status": "suspended"}})
    (finding,) = acme.findings()
    assert (finding.kind, finding.severity, finding.tenant) == ("suspended_by_twilio", "high", None)
    assert len(acme.list_requests()) == 1


def test_another_parents_credentials_are_refused_before_the_first_call(acme):
    acme.set_applied("fleet", account_sid="AC" + "1" * 32)
    with pytest.raises(TwilioError, match="this stack belongs to AC1111"):
        acme.drift()
    assert acme.list_requests() == []


def test_days_are_those_that_the_caller_names(acme):
    acme.apply(acme=CLOSED)
    assert acme.list_findings(today=TODAY) == []


def test_the_name_and_the_state_are_told_at_their_lines(world):
    world.apply(acme=f"state: active\n{WHOLE}")
    world.set("acme", friendly_name="Hacked", status="suspended")
    assert [(finding.differences[0].field, finding.line) for finding in world.findings()] == [
        ("friendly_name", 2),
        ("status", 3),
    ]


def test_an_account_that_our_up_suspended_says_so(acme):
    acme.apply(acme=SUSPENDED)
    acme.write("acme", WHOLE)
    (finding,) = acme.findings()
    assert (finding.kind, finding.reason) == ("status_not_ours", WE_SUSPENDED)


def test_an_account_that_a_released_tenant_names_is_no_finding(acme):
    other = acme.put("subaccount", acme.fake.account_sid, friendly_name="Internal")
    acme.write("internal", f"state: released\naccount: {{adopt: {other}}}\n")
    assert acme.list_findings() == []


def write_known_accounts(world, **entries):
    """Write the project's list of known accounts: until by SID."""
    lines = [f'  {sid}: {{reason: the test account, until: "{until}"}}\n' for sid, until in entries.items()]
    (world.folder / "tenantry.yaml").write_text(SETTINGS + "known_accounts:\n" + "".join(lines))


def test_a_known_account_is_a_note_until_its_last_day(acme):
    other = acme.put("subaccount", acme.fake.account_sid, friendly_name="Internal")
    write_known_accounts(acme, **{other: "2026-12-31"})
    (finding,) = acme.findings(today=date(2026, 12, 31))
    assert (finding.kind, finding.severity, finding.meant, finding.sid) == ("ignored", "note", "unmanaged", other)
    assert finding.reason == "'Internal' is active, and known: the test account"
    assert "puts it back" not in finding.settle
    (finding,) = acme.findings(today=date(2027, 1, 1))
    assert (finding.kind, finding.severity) == ("unmanaged", "low")
    assert finding.reason == "'Internal' is active; its entry in known_accounts ended on 2026-12-31"


def test_a_missing_known_account_is_reported_unless_another_stack_may_have_it(acme):
    gone = "AC" + "7" * 32
    write_known_accounts(acme, **{gone: "2026-12-31"})
    (finding,) = acme.findings()
    assert (finding.kind, finding.severity, finding.entry) == ("ignores_nothing", "note", f"known_accounts/{gone}")
    settings = (acme.folder / "tenantry.yaml").read_text()
    (acme.folder / "tenantry.yaml").write_text(f"{settings}stacks: {{dev: {{}}, prod: {{}}}}\n")
    assert acme.findings() == []


@pytest.mark.parametrize(("status", "severity"), [("suspended", "note"), ("active", "high")])
def test_a_suspension_of_the_ledger_is_drift_only_where_nothing_follows(acme, status, severity):
    since = datetime(2026, 11, 15, 12, tzinfo=UTC)
    row = Suspension(1, StackRef("AC0"), "acme", "AC1", "cap", since, None, "monthly-sms", "tenantry", since)
    acme.set("acme", status=status)
    report = find_drift(acme.loaded, acme.state.values(), acme.session(), TODAY, held=Held((row,)))
    [group] = [group for group in report.groups if group.kind == "status_not_ours"]
    assert (group.severity, "suspended for cap (monthly-sms) by tenantry" in str(group)) == (severity, True)
    assert (group.settle, group.findings[0].settle) == (HELD, HELD)  # not `state: active`, which `up` then refuses
