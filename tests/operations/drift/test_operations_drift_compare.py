"""Three ways to compare: changed outside of Tenantry, not applied yet, missing."""

import pytest
from drift_world import WHOLE

from tenantry.operations.drift.values import Difference

TRIGGER = "acme/usage_trigger/monthly-sms"
ELSEWHERE = "https://elsewhere.example/x"


def test_a_fleet_that_is_as_it_was_applied_has_no_finding(acme):
    assert acme.list_findings() == []


def test_what_somebody_changed_is_told_with_what_is_wanted_and_found(acme):
    acme.set(TRIGGER, callback_url=ELSEWHERE)
    (finding,) = acme.findings()
    wanted = "https://hooks.owl.example/twilio/usage"
    assert (finding.kind, finding.severity, finding.tenant, finding.name) == ("changed", "high", "acme", TRIGGER)
    assert finding.differences == (Difference(field="callback_url", wanted=wanted, found=ELSEWHERE),)
    assert (finding.sid, finding.account_sid) == (acme.sid(TRIGGER), acme.sid("acme"))
    assert (finding.file, finding.line) == ("tenants/acme.yaml", 12)
    assert "`tenantry up acme --refresh` puts it back" in finding.settle


def test_what_is_not_applied_yet_is_never_called_changed(acme):
    acme.write("acme", WHOLE.replace("/usage", "/usage/new"))
    (finding,) = acme.findings()
    assert (finding.kind, finding.severity, finding.settle) == ("not_applied", "low", "`tenantry up acme`")
    assert finding.differences[0].found == "https://hooks.owl.example/twilio/usage"


def test_fields_are_changed_or_not_applied_each_on_its_own(acme):
    acme.write("acme", WHOLE.replace("/usage", "/usage/new").replace("1000", "2000"))
    acme.set(TRIGGER, callback_url=ELSEWHERE)
    found = {finding.kind: [diff.field for diff in finding.differences] for finding in acme.findings()}
    assert found == {"changed": ["callback_url"], "not_applied": ["trigger_value"]}


def test_a_manual_change_that_the_manifest_took_over_is_no_finding(acme):
    acme.write("acme", WHOLE.replace("/usage", "/usage/new"))
    acme.set(TRIGGER, callback_url="https://hooks.owl.example/twilio/usage/new")
    assert acme.list_findings() == []


def test_equal_values_in_another_form_are_no_finding(acme):
    acme.set(TRIGGER, trigger_value="1000.000")
    configuration = {"destination": "https://hooks.owl.example/twilio/errors/acme", "method": "POST"}
    acme.set("acme/event_sink/debugger", sink_configuration=configuration)
    assert acme.list_findings() == []


def test_every_kind_is_compared(acme):
    acme.set("acme/api_key/web-1", friendly_name="other")
    acme.set("acme/api_key/sender-1", policy=["/twilio/voice/calls/create"])
    acme.set(TRIGGER, usage_category="calls")
    acme.set("acme/event_sink/debugger", description="other")
    acme.set("acme/event_subscription/debugger", types={"com.twilio.voice.insights.call-summary.complete": 1})
    found = {
        finding.name: [diff.field for diff in finding.differences]
        for finding in acme.findings()
        if finding.kind == "changed"
    }
    assert found == {
        "acme/api_key/web-1": ["friendly_name"],
        "acme/api_key/sender-1": ["policy"],
        TRIGGER: ["usage_category"],
        "acme/event_sink/debugger": ["description"],
        "acme/event_subscription/debugger": ["types"],
    }


def test_a_field_inside_a_mapping_is_told_alone(acme):
    configuration = {"destination": ELSEWHERE, "method": "post", "batch_events": False}
    acme.set("acme/event_sink/debugger", sink_configuration=configuration)
    (finding,) = acme.findings()
    assert [(diff.field, diff.found) for diff in finding.differences] == [("sink_configuration.destination", ELSEWHERE)]
    assert finding.reason == "`tenantry up` makes a new one: Twilio can't change sink_configuration"


def test_a_password_in_a_url_of_twilios_is_not_shown(acme):
    acme.set(TRIGGER, callback_url="https://ana:hunter2@hooks.owl.example/twilio/usage")
    (finding,) = acme.findings()
    assert finding.differences[0].found == "https://…@hooks.owl.example/twilio/usage"
    assert "hunter2" not in finding.model_dump_json()


def test_an_object_that_is_gone_is_missing(acme):
    acme.delete("acme/api_key/web-1")
    (finding,) = acme.findings()
    assert (finding.kind, finding.name, finding.reason) == (
        "missing",
        "acme/api_key/web-1",
        "the new key has a new secret",
    )
    assert "`tenantry up acme --refresh` makes it again" in finding.settle


def test_new_and_removed_entries_are_not_applied_yet(acme):
    acme.write("acme", WHOLE.replace("  web: ", "  app: "))
    assert sorted(acme.list_findings()) == [
        ("not_applied", "acme", "api_key/app"),
        ("not_applied", "acme", "api_key/web"),
    ]


def test_an_entry_that_is_gone_from_manifest_and_twilio_is_no_finding(acme):
    acme.write("acme", WHOLE.replace("  web: {access: standard}\n", ""))
    acme.delete("acme/api_key/web-1")
    assert acme.list_findings() == []


def test_an_object_that_the_state_lost_is_said_to_be_taken_over(acme):
    acme.forget(TRIGGER)
    (finding,) = acme.findings()
    assert (finding.kind, finding.reason) == ("not_applied", "it is there already; `tenantry up` takes it over")


def test_retention_rules_that_are_not_recorded_are_not_applied(acme):
    acme.write("acme", f"{WHOLE}retention: {{messages: {{keep_days: 30}}}}\n")
    assert acme.list_findings() == [("not_applied", "acme", "retention")]
    acme.apply()
    assert acme.list_findings() == []


def test_another_adopted_object_is_not_applied(acme):
    other = acme.put("api_key", acme.sid("acme"), friendly_name="web#1")
    acme.write("acme", WHOLE.replace("web: {access: standard}", f"web: {{access: standard, adopt: {other}}}"))
    found = [finding for finding in acme.findings() if finding.kind == "not_applied"]
    assert [(finding.entry, finding.differences[0].field, finding.differences[0].wanted) for finding in found] == [
        ("api_key/web", "adopt", other)
    ]


@pytest.mark.parametrize(
    "edit",
    [
        ("trigger_value: 1000", "trigger_value: 7"),
        ("usage_category: sms", "usage_category: calls"),
        ("recurring: monthly", "recurring: alltime"),
        ("messages/create]", "messages/create, /twilio/voice/calls/create]"),
        ("sender: {access: [/twilio/messaging/messages/create]}", "sender: {access: standard}"),
        ("web: {access: standard}", "web: {access: [/twilio/messaging/messages/read]}"),
        ("web: {access: standard}", "web: {access: standard, generations: [1, 2]}"),
        ("web: {access: standard}", "web: {access: standard, generations: [2]}"),
        ("url: /errors/{tenant}", "url: /errors/new\n  batch_events: true"),
        ("debugger_webhook:\n  url: /errors/{tenant}\n", ""),
    ],
)
def test_whatever_is_edited_in_a_manifest_is_only_ever_not_applied(acme, edit):
    acme.write("acme", WHOLE.replace(*edit))
    assert {(finding.kind, finding.tenant) for finding in acme.findings()} == {("not_applied", "acme")}


@pytest.mark.parametrize("status", ["failed", "initialized", "validating"])
@pytest.mark.parametrize("without_state", [False, True])
def test_a_sink_that_does_not_work_is_severe_though_nothing_else_differs(acme, status, without_state):
    acme.set("acme/event_sink/debugger", status=status)
    (finding,) = acme.findings(without_state=without_state)
    assert (finding.kind, finding.severity, finding.entry) == ("not_working", "high", "event_sink/debugger")
    assert finding.differences == (Difference(field="status", wanted="active", found=status),)
    assert "nobody is notified of errors of the tenant" in str(finding.reason)


def test_a_sink_that_does_not_work_can_be_meant(acme):
    acme.set("acme/event_sink/debugger", status="failed")
    acme.write("acme", f"{WHOLE}ignore: {{event_sink/debugger: {{reason: their server moves}}}}\n")
    assert [(finding.kind, finding.meant) for finding in acme.findings()] == [("ignored", "not_working")]


def test_kept_event_types_are_a_note_and_others_a_difference(acme):
    ours, receipts, read = (
        "com.twilio.error-logs.error.logged",
        "com.twilio.messaging.message.delivered",
        "com.twilio.messaging.message.read",
    )
    name = "acme/event_subscription/debugger"
    acme.set_applied(name, kept_types=[receipts])
    acme.set(name, types={ours: 1, receipts: 1})
    (note,) = acme.findings()
    assert (note.kind, note.severity, note.reason) == ("kept", "note", f"its event types {receipts}")
    acme.set(name, types={ours: 1, receipts: 1, read: 1})
    changed, note = acme.findings()
    assert (changed.kind, note.kind) == ("changed", "kept")
    assert [difference.found for difference in changed.differences] == [[ours, read]]
