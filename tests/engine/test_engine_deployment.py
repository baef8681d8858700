"""Reading a stack's state (`tenantry/engine/state/deployment.py`)."""

import pytest
from stack_state import account, acme, child, encrypted_secret, export_document, plain_secret, save_resource, state

from tenantry.engine.state.deployment import Secret, read_state
from tenantry.model.kinds import BY_TOKEN
from tenantry.model.recorded import WAITING
from tenantry.providers import RESOURCES
from tenantry.providers.resting import waiting_id


def test_type_tokens_and_the_waiting_mark_are_those_of_the_providers():
    assert {resource.token: kind for kind, resource in RESOURCES.items()} == BY_TOKEN
    assert waiting_id("web#1") == f"{WAITING}web#1"


def test_only_our_own_resources_are_read():
    bucket = {"urn": "urn:pulumi:dev::p::aws:s3/bucket:Bucket::acme", "type": "aws:s3/bucket:Bucket", "id": "b"}
    assert [item.name for item in state(bucket, account())] == ["acme"]


def test_a_stack_that_was_never_applied_has_no_resources():
    assert read_state({"version": 3, "deployment": {"manifest": {}, "metadata": {}}}) == ()
    assert read_state({"version": 3, "deployment": None}) == ()


def test_names_are_split_into_tenant_kind_and_entry():
    found = {item.name: (item.slug, item.kind, item.entry) for item in state(*acme())}
    assert found["acme"] == ("acme", "subaccount", "")
    assert found["acme/api_key/web-2"] == ("acme", "api_key", "web-2")
    assert found["acme/retention"] == ("acme", "retention", "")


def test_a_waiting_resource_has_no_sid():
    (waiting,) = state(child("api_key", "acme/api_key/web-1", "waiting-web#1"))
    assert (waiting.waiting, waiting.sid) == (True, None)


@pytest.mark.parametrize("mark", ["delete", "pendingReplacement"])
def test_the_old_half_of_an_unfinished_replacement_is_passed_over(mark):
    old = {**child("usage_trigger", "acme/usage_trigger/a", "UT1"), mark: True}
    new = child("usage_trigger", "acme/usage_trigger/a", "UT2")
    assert [item.id for item in state(new, old)] == ["UT2"]


def test_an_encrypted_secret_is_known_to_be_there_and_has_no_value():
    (key,) = state(child("api_key", "acme/api_key/web-1", "SK1", secret=encrypted_secret("v1:zzz")))
    assert key.secrets == {"secret": Secret(None)}
    assert "v1:zzz" not in repr(key)


def test_a_secret_in_clear_never_shows_in_a_repr():
    (key,) = state(child("api_key", "acme/api_key/web-1", "SK1", secret=plain_secret("plAnted")))
    assert key.secrets["secret"].value == "plAnted"
    assert "plAnted" not in f"{key!r} {key}"


def test_a_secret_inside_a_value_is_hidden_too():
    (sink,) = state(
        child("event_sink", "acme/event_sink/debugger", "DG1", sink_configuration={"url": [plain_secret("x")]})
    )
    assert sink.outputs["sink_configuration"] == {"url": (Secret("x"),)}


def test_what_only_pulumi_needs_is_left_out():
    (item,) = read_state(export_document(save_resource("fleet", "fleet", "fleet", account_sid="AC1")))
    assert (dict(item.inputs), dict(item.outputs)) == ({}, {"account_sid": "AC1"})
