"""Accounts: their names, their status, second ones, and those that nobody manages."""

from datetime import date

import pytest
from drift_world import SETTINGS, TODAY, WHOLE

from faketwilio.control.console import act
from tenantry.operations.drift.accounts import WE_SUSPENDED
from tenantry.operations.drift.values import Difference
from tenantry.twilio.errors import TwilioError

SUSPENDED = f"state: suspended\n{WHOLE}"
CLOSED = f'state: closed\nclose_after: "2026-12-31"\n{WHOLE}'


def test_a_renamed_account_is_changed(acme):
    acme.set("acme", friendly_name="Hacked")
    (one,) = acme.findings()
    assert (one.kind, one.entry, one.name) == ("changed", "subaccount", "acme")
    assert one.differences == (Difference(field="friendly_name", wanted="Acme (acme)", found="Hacked"),)


def test_a_new_name_in_the_manifest_is_not_applied(acme):
    path = acme.folder / "tenants" / "acme.yaml"
    path.write_text(path.read_text().replace("name: Acme", "name: Acme Dental"))
    assert acme.told() == [("not_applied", "acme", "subaccount")]


def test_a_tenant_without_an_account_is_one_finding(acme):
    acme.write("birch")
    assert acme.told() == [("not_applied", "birch", "subaccount")]


def test_an_account_suspended_by_others_has_a_status_not_ours(acme):
    acme.set("acme", status="suspended")
    (one,) = acme.findings()
    assert (one.kind, one.severity) == ("status_not_ours", "high")
    assert one.differences == (Difference(field="status", wanted=None, found="suspended"),)
    assert one.reason is not None
    assert "error 21478" in one.reason


def test_an_account_that_was_activated_and_is_suspended_now_is_changed(world):
    world.apply(acme=f"state: active\n{WHOLE}")
    world.set("acme", status="suspended")
    assert world.told() == [("changed", "acme", "subaccount")]


def test_an_account_that_is_to_be_activated_is_not_applied(acme):
    acme.set("acme", status="suspended")
    acme.write("acme", f"state: active\n{WHOLE}")
    assert acme.told() == [("not_applied", "acme", "subaccount")]
    assert [one.severity for one in acme.findings()] == ["high"]


def test_a_wanted_suspension_is_not_applied_and_objects_rest(acme):
    acme.delete("acme/api_key/web-1")
    acme.write("acme", SUSPENDED)
    assert acme.told() == [("not_applied", "acme", "account_state")]


def test_a_suspended_tenant_is_clean_and_is_asked_nothing(acme):
    acme.apply(acme=SUSPENDED)
    report = acme.drift()
    assert (report.groups, report.tenants, report.resting) == ((), 2, 1)
    assert not [asked for asked in acme.asked() if acme.sid("acme") in asked]


def test_a_tenant_that_we_suspended_and_somebody_activated_is_changed(acme):
    acme.apply(acme=SUSPENDED)
    acme.set("acme", status="active")
    (one,) = acme.findings()
    assert (one.kind, one.name) == ("changed", "acme/account_state")
    assert one.differences == (Difference(field="status", wanted="suspended", found="active"),)


def test_an_account_closed_outside_is_reported_without_its_objects(acme):
    acme.set("acme", status="closed")
    (one,) = acme.findings()
    assert (one.kind, one.severity, one.tenant) == ("closed_outside", "high", "acme")
    assert "closing can't be undone" in one.settle


def test_an_account_that_was_closed_before_its_day_is_closed_outside(acme):
    acme.apply(acme=CLOSED)
    acme.set("acme", status="closed")
    assert acme.told() == [("closed_outside", "acme", "subaccount")]


def test_an_account_closed_on_its_day_is_no_finding(acme):
    acme.apply(acme=CLOSED)
    acme.set("acme", status="closed")
    assert acme.told(today=date(2027, 1, 1)) == []


def test_an_account_that_we_closed_is_never_a_finding(acme):
    acme.apply(acme=CLOSED)
    acme.applied("acme/account_state", status="closed")
    acme.delete("acme")
    assert acme.told() == []


def test_an_account_that_twilio_does_not_know_any_more_is_missing(acme):
    acme.delete("acme")
    (one,) = acme.findings()
    assert (one.kind, one.entry, one.sid) == ("missing", "subaccount", acme.sid("acme"))
    assert "it can't come back" in one.settle


def test_any_number_of_accounts_may_be_missing_that_were_closed(world):
    closed = 'state: closed\nclose_after: "2026-10-01"\n'
    world.apply(**dict.fromkeys((f"t{number}" for number in range(12)), ""))
    for number in range(12):
        world.delete(f"t{number}")
        if number < 6:
            world.write(f"t{number}", closed)
        else:
            world.applied(f"t{number}", status="closed")
    assert {one.kind for one in world.findings()} == {"missing"}


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
    (one,) = acme.findings()
    assert (one.kind, one.tenant, one.sid, one.severity) == ("duplicate", "acme", second, "high")


def test_open_accounts_without_a_manifest_are_unmanaged_and_closed_ones_not(acme):
    other = acme.put("subaccount", acme.fake.account_sid, friendly_name="Forgotten Inc")
    acme.put("subaccount", acme.fake.account_sid, friendly_name="Gone Inc", status="closed")
    (one,) = acme.findings()
    assert (one.kind, one.tenant, one.sid, one.severity) == ("unmanaged", None, other, "low")
    assert "`tenantry new SLUG --name NAME`" in one.settle


def test_a_tenant_whose_manifest_is_gone_is_unmanaged(acme):
    (acme.folder / "tenants" / "acme-2.yaml").unlink()
    (one,) = acme.findings()
    assert (one.kind, one.tenant, one.sid) == ("unmanaged", "acme-2", acme.sid("acme-2"))
    assert one.reason == "its manifest is gone"
    assert one.settle.startswith("bring the manifest back from git and run `tenantry up`")


def test_a_released_tenant_is_left_alone(acme):
    acme.set("acme", friendly_name="Theirs now")
    acme.write("acme", f"state: released\n{WHOLE}")
    assert acme.told() == []


def test_a_suspended_parent_is_the_only_finding(acme):
    act(acme.fake.store, {"set": acme.fake.account_sid, "fields": {"status": "suspended"}})
    (one,) = acme.findings()
    assert (one.kind, one.severity, one.tenant) == ("suspended_by_twilio", "high", None)
    assert len(acme.asked()) == 1


def test_another_parents_credentials_are_refused_before_the_first_call(acme):
    acme.applied("fleet", account_sid="AC" + "1" * 32)
    with pytest.raises(TwilioError, match="this stack belongs to AC1111"):
        acme.drift()
    assert acme.asked() == []


def test_days_are_those_that_the_caller_names(acme):
    acme.apply(acme=CLOSED)
    assert acme.told(today=TODAY) == []


def test_the_name_and_the_state_are_told_at_their_lines(world):
    world.apply(acme=f"state: active\n{WHOLE}")
    world.set("acme", friendly_name="Hacked", status="suspended")
    assert [(one.differences[0].field, one.line) for one in world.findings()] == [("friendly_name", 2), ("status", 3)]


def test_an_account_that_our_up_suspended_says_so(acme):
    acme.apply(acme=SUSPENDED)
    acme.write("acme", WHOLE)
    (one,) = acme.findings()
    assert (one.kind, one.reason) == ("status_not_ours", WE_SUSPENDED)


def test_an_account_that_a_released_tenant_names_is_no_finding(acme):
    other = acme.put("subaccount", acme.fake.account_sid, friendly_name="Internal")
    acme.write("internal", f"state: released\naccount: {{adopt: {other}}}\n")
    assert acme.told() == []


def known(world, **entries):
    """Write the project's list of known accounts: until by SID."""
    lines = [f'  {sid}: {{reason: the test account, until: "{until}"}}\n' for sid, until in entries.items()]
    (world.folder / "tenantry.yaml").write_text(SETTINGS + "known_accounts:\n" + "".join(lines))


def test_a_known_account_is_a_note_until_its_last_day(acme):
    other = acme.put("subaccount", acme.fake.account_sid, friendly_name="Internal")
    known(acme, **{other: "2026-12-31"})
    (one,) = acme.findings(today=date(2026, 12, 31))
    assert (one.kind, one.severity, one.meant, one.sid) == ("ignored", "note", "unmanaged", other)
    assert one.reason == "'Internal' is active, and known: the test account"
    assert "puts it back" not in one.settle
    (one,) = acme.findings(today=date(2027, 1, 1))
    assert (one.kind, one.severity) == ("unmanaged", "low")
    assert one.reason == "'Internal' is active; its entry in known_accounts ended on 2026-12-31"


def test_a_missing_known_account_is_reported_unless_another_stack_may_have_it(acme):
    gone = "AC" + "7" * 32
    known(acme, **{gone: "2026-12-31"})
    (one,) = acme.findings()
    assert (one.kind, one.severity, one.entry) == ("ignores_nothing", "note", f"known_accounts/{gone}")
    settings = (acme.folder / "tenantry.yaml").read_text()
    (acme.folder / "tenantry.yaml").write_text(f"{settings}stacks: {{dev: {{}}, prod: {{}}}}\n")
    assert acme.findings() == []
