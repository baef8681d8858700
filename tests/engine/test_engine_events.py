"""Lines of the engine's event log as values."""

import json

import pytest

from tenantry.engine.events.changes import SECRET, UNKNOWN, Change, read_changes
from tenantry.engine.events.event import (
    Diagnostic,
    PolicyViolation,
    ResourceFailed,
    Steering,
    Summary,
    parse_event,
    plain,
)
from tenantry.engine.events.urn import name_of

URN = "urn:pulumi:dev::tenantry::tenantry:index:Tenant$pulumi-python:dynamic/twilio:ApiKey::acme/api_key/web"
HIDDEN = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "AAA"}


def _step(op="update", **metadata):
    return {"op": op, "urn": URN, "type": "pulumi-python:dynamic/twilio:ApiKey", **metadata}


def _states(old, new):
    return {"old": {"inputs": old, "outputs": old}, "new": {"inputs": new, "outputs": new}}


def test_a_failed_step_names_its_resource():
    event = parse_event(json.dumps({"resOpFailedEvent": {"metadata": _step(old={"id": "SK1"}, new=None)}}))
    assert isinstance(event, ResourceFailed)
    assert (event.name, event.id, event.op) == ("acme/api_key/web", "SK1", "update")


def test_a_message_loses_its_colours():
    line = {"diagnosticEvent": {"severity": "error", "urn": URN, "message": "<{%fg 1%}>no\x1b[31m!<{%reset%}>\n\n"}}
    assert parse_event(json.dumps(line)) == Diagnostic("error", URN, "no!")


def test_debug_messages_are_left_out():
    line = {"diagnosticEvent": {"severity": "debug", "message": "x"}}
    assert parse_event(json.dumps(line, separators=(",", ":"))) is None


def test_events_that_nobody_reads_are_left_out():
    assert parse_event('{"sequence":1,"cancelEvent":{}}') is None


def test_a_policy_violation_says_which_policy_and_how_strict():
    line = {
        "policyEvent": {"resourceUrn": URN, "policyPackName": "p", "policyName": "n", "enforcementLevel": "advisory"}
    }
    assert parse_event(json.dumps(line)) == PolicyViolation(URN, "p", "n", "advisory", "")


def test_a_summary_counts_per_operation():
    line = {"summaryEvent": {"resourceChanges": {"same": 2}, "durationSeconds": 3, "result": "succeeded"}}
    assert parse_event(json.dumps(line)) == Summary({"same": 2}, 3, "succeeded")


def test_a_name_may_hold_the_separator():
    assert name_of("urn:pulumi:dev::p::t:i:T::a::b") == "a::b"


def test_a_message_without_colours_stays():
    assert plain("a < b % c") == "a < b % c"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ping postgres://ana:pw@db.example:5432/x: refused", "ping postgres://ana:***@db.example:5432/x: refused"),
        ("to https://:p:w@x@db.example/", "to https://:***@db.example/"),
        ("https://db.example:443/a@b and c:d@e", "https://db.example:443/a@b and c:d@e"),
    ],
)
def test_a_message_of_pulumi_has_no_password_of_a_url(text, shown):
    assert plain(text) == shown


def test_a_detailed_difference_gives_old_and_new_value_at_its_path():
    detailed = {"policy.allow[0]": {"diffKind": "update-replace", "inputDiff": True}}
    metadata = _step(detailedDiff=detailed, **_states({"policy": {"allow": ["/a"]}}, {"policy": {"allow": ["/b"]}}))
    assert read_changes(metadata) == (Change("policy.allow[0]", "update", "/a", "/b", replaces=True),)


def test_a_quoted_part_of_a_path_is_one_key():
    detailed = {'labels["a.b"]': {"diffKind": "add", "inputDiff": True}}
    metadata = _step(detailedDiff=detailed, **_states({"labels": {}}, {"labels": {"a.b": "1"}}))
    assert read_changes(metadata) == (Change('labels["a.b"]', "add", None, "1"),)


def test_a_secret_is_never_shown():
    for path in ("token", "token.part"):
        detailed = {path: {"diffKind": "update", "inputDiff": True}}
        [change] = read_changes(_step(detailedDiff=detailed, **_states({"token": HIDDEN}, {"token": HIDDEN})))
        assert (change.old, change.new) == (SECRET, SECRET)


def test_a_secret_inside_a_value_is_never_shown():
    [change] = read_changes(_step("create", old=None, new={"inputs": {"list": [{"token": HIDDEN}]}}))
    assert change.new == [{"token": SECRET}]


def test_a_value_known_only_after_up_is_named_so():
    [change] = read_changes(_step("create", new={"inputs": {"sid": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}}))
    assert change.new is UNKNOWN


def test_pulumis_own_properties_are_left_out():
    assert read_changes(_step("create", new={"inputs": {"__provider": "blob", "a": "1"}})) == (
        Change("a", "add", None, "1"),
    )


def test_without_a_detailed_difference_inputs_are_compared():
    metadata = _step(keys=["b"], **_states({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 4, "d": 5}))
    assert read_changes(metadata) == (
        Change("b", "update", 2, 4, replaces=True),
        Change("c", "delete", 3, None),
        Change("d", "add", None, 5),
    )


def test_what_is_the_same_has_no_changes():
    assert read_changes(_step("same", detailedDiff=None, **_states({"a": 1}, {"a": 2}))) == ()


def test_mappings_are_compared_key_by_key():
    old, new = {"sink": {"to": "/a", "batch": True}, "standing": {"a.b": "open"}}, {"sink": {"to": "/b", "batch": True}}
    metadata = _step(keys=["sink"], **_states(old, {**new, "standing": {"a.b": "closed"}}))
    assert read_changes(metadata) == (
        Change("sink.to", "update", "/a", "/b", replaces=True),
        Change('standing["a.b"]', "update", "open", "closed"),
    )


def test_a_secret_is_never_compared_inside():
    [change] = read_changes(_step(**_states({"token": HIDDEN}, {"token": {**HIDDEN, "ciphertext": "BBB"}})))
    assert (change.path, change.old, change.new) == ("token", SECRET, SECRET)


def test_a_refresh_reads_twilios_values_from_outputs_not_saved_inputs():
    old = {"id": "SK1", "inputs": {"policy": ["/b"]}, "outputs": {"policy": ["/a"], "secret": HIDDEN}}
    assert read_changes(_step(old=old, new={"inputs": {"policy": ["/b"]}})) == (
        Change("policy", "update", ["/a"], ["/b"]),
    )


def test_of_what_waits_to_be_made_everything_is_new():
    old = {"id": "waiting-web#1", "inputs": {"friendly_name": "web#1"}, "outputs": {"friendly_name": "web#1"}}
    assert read_changes(_step("replace", old=old, new={"inputs": {"friendly_name": "web#1"}})) == (
        Change("friendly_name", "add", None, "web#1"),
    )


def test_what_a_refresh_by_our_providers_found_is_told_by_outputs():
    old = {"inputs": {"a": "1"}, "outputs": {"a": "1", "status": "active", "secret": HIDDEN}}
    new = {"inputs": {"a": "2"}, "outputs": {"a": "2", "status": "suspended", "secret": {**HIDDEN, "ciphertext": "B"}}}
    assert read_changes(_step("refresh", old=old, new=new)) == (
        Change("a", "update", "1", "2"),
        Change("status", "update", "active", "suspended"),
    )


@pytest.mark.parametrize(
    ("found", "changes"),
    [
        ({"inputs": {"size": "2"}, "outputs": {"size": "2", "etag": "b"}}, (Change("size", "update", "1", "2"),)),
        ({"inputs": {"size": "1"}, "outputs": {"size": "2", "etag": "b"}}, (Change("size", "update", "1", "2"),)),
        ({"inputs": {"size": "1"}, "outputs": {"size": "1", "etag": "b"}}, ()),
    ],
    ids=["by inputs", "by outputs where its read returns no inputs", "not by what is no input"],
)
def test_what_a_refresh_by_another_provider_found(found, changes):
    old = {"inputs": {"size": "1"}, "outputs": {"size": "1", "etag": "a"}}
    metadata = {**_step("refresh", detailedDiff=None, old=old, new=found), "type": "aws:s3/bucket:Bucket"}
    assert read_changes(metadata) == changes


def test_an_unchanged_resource_of_a_resting_tenant_shows_its_waiting_changes():
    inputs = {"trigger_value": "2000", "frozen": True}
    metadata = _step("same", old={"inputs": {}, "outputs": {"trigger_value": "1000"}}, new={"inputs": inputs})
    event = parse_event(json.dumps({"resourcePreEvent": {"metadata": metadata}}))
    assert event.steering == Steering(frozen=True)
    assert Change("trigger_value", "update", "1000", "2000") in event.changes


@pytest.mark.parametrize(
    ("severity", "message", "text"),
    [
        ("info#err", "warning: tenantry.providers.child: it stays: look", Diagnostic("warning", "", "it stays: look")),
        ("info#err", "warning: other.lib: x", Diagnostic("info#err", "", "warning: other.lib: x")),
        ("info#err", "tenantry.providers: x", Diagnostic("info#err", "", "tenantry.providers: x")),
        ("error", "warning: tenantry.x: y", Diagnostic("error", "", "warning: tenantry.x: y")),
    ],
)
def test_a_line_in_which_our_plugin_warns_is_a_warning(severity, message, text):
    line = {"diagnosticEvent": {"severity": severity, "message": f"{message}\n\n"}}
    assert parse_event(json.dumps(line)) == text
