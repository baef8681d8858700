"""What is in a managed account and in no manifest; what is meant; what only people can see."""

from datetime import date

import pytest
from drift_world import WHOLE

from faketwilio.store.fault import fault_of

IGNORE = 'ignore:\n  usage_trigger/{name}: {{reason: migrating, until: "2026-12-31"}}\n'


def test_objects_that_no_manifest_names_are_unmanaged_and_a_key_is_severe(acme):
    account = acme.sid("acme")
    acme.put("api_key", account, friendly_name="laptop of ana")
    acme.put("usage_trigger", account, friendly_name="old-test")
    acme.put("event_sink", account, description="theirs")
    acme.put("event_subscription", account, description="theirs")
    found = [(finding.kind, finding.severity, finding.entry) for finding in acme.findings()]
    assert found == [
        ("unmanaged", "high", "api_key/laptop of ana"),
        ("unmanaged", "low", "event_sink/theirs"),
        ("unmanaged", "low", "event_subscription/theirs"),
        ("unmanaged", "low", "usage_trigger/old-test"),
    ]


def test_a_second_object_of_a_name_of_ours_is_a_duplicate(acme):
    second = acme.put("api_key", acme.sid("acme"), friendly_name="web#1")
    (finding,) = acme.findings()
    assert (finding.kind, finding.sid, finding.severity) == ("duplicate", second, "high")


def test_drift_that_is_meant_is_a_note_until_its_last_day(acme):
    acme.write("acme", WHOLE + IGNORE.format(name="monthly-sms"))
    acme.set("acme/usage_trigger/monthly-sms", callback_url="https://elsewhere.example/x")
    (finding,) = acme.findings(today=date(2026, 12, 31))
    assert (finding.kind, finding.severity, finding.until) == ("ignored", "note", date(2026, 12, 31))
    assert finding.reason == "changed outside of Tenantry, and meant: migrating"
    (finding,) = acme.findings(today=date(2027, 1, 1))
    assert (finding.kind, finding.severity, finding.until) == ("changed", "high", None)
    assert finding.reason == "its ignore ended on 2026-12-31"


def test_an_unmanaged_object_can_be_meant_too(acme):
    acme.put("usage_trigger", acme.sid("acme"), friendly_name="old-test")
    acme.write("acme", WHOLE + IGNORE.format(name="old-test"))
    assert acme.list_findings() == [("ignored", "acme", "usage_trigger/old-test")]


def test_attested_settings_are_notes_with_their_age(acme):
    acme.write("acme", WHOLE + 'attested: {hipaa: {value: true, by: ana@owl.example, on: "2026-11-01"}}\n')
    (finding,) = acme.findings()
    assert (finding.kind, finding.severity, finding.entry, finding.age_days) == (
        "attested",
        "note",
        "attested/hipaa",
        21,
    )
    assert finding.since == date(2026, 11, 1)
    assert finding.line == 15


@pytest.mark.parametrize("by", ["name", "sid", "kind"])
def test_a_finding_can_be_ignored_by_name_sid_or_kind(acme, by):
    sid = acme.put("api_key", acme.sid("acme"), friendly_name="Bobs laptop")
    entry = {"name": "api_key/Bobs laptop", "sid": f"api_key/{sid}", "kind": "api_key"}[by]
    acme.write("acme", f'{WHOLE}ignore: {{"{entry}": {{reason: his own}}}}\n')
    (finding,) = acme.findings()
    assert (finding.kind, finding.meant, finding.severity, finding.sid) == ("ignored", "unmanaged", "note", sid)
    assert "no command changes it" in finding.settle
    assert "puts it back" not in finding.settle
    assert finding.settle == acme.drift().groups[0].settle


def test_a_second_object_is_ignored_by_sid_and_ours_still_compared(acme):
    second = acme.put("api_key", acme.sid("acme"), friendly_name="web#1")
    acme.write("acme", f"{WHOLE}ignore: {{api_key/{second}: {{reason: moving}}}}\n")
    acme.set("acme/api_key/web-1", friendly_name="renamed")
    assert acme.list_findings() == [("changed", "acme", "api_key/web"), ("ignored", "acme", "api_key/web#1")]


def test_an_ignore_that_fits_nothing_is_told_at_its_line(acme):
    acme.write(
        "acme", f"{WHOLE}ignore:\n  usage_trigger/gone: {{reason: old}}\n  usage_trigger/monthly-sms: {{reason: x}}\n"
    )
    (finding,) = acme.findings()
    assert (finding.kind, finding.severity, finding.entry, finding.line) == (
        "ignores_nothing",
        "note",
        "ignore/usage_trigger/gone",
        16,
    )


def test_nothing_is_said_of_an_ignore_where_not_all_could_be_read(acme):
    acme.fake.store.faults.append(
        fault_of({"mode": "error", "status": 403, "code": 20403, "times": 4, "path_contains": "/Sinks"})
    )
    acme.write("acme", f"{WHOLE}ignore: {{event_sink/gone: {{reason: old}}}}\n")
    assert {kind for kind, *_ in acme.list_findings()} == {"unreadable"}
