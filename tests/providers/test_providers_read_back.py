"""What Twilio reads back otherwise than it was sent is no difference; what somebody changed is exactly that one."""

from typing import Any

import pytest
from provider_samples import CHILDREN, RESTRICTED, SINK, TRIGGER

CONSOLE: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("standard key", {"friendly_name": "mine"}, {"friendly_name": "mine"}, "update"),
    ("restricted key", {"friendly_name": "mine"}, {"friendly_name": "mine"}, "update"),
    (
        "restricted key",
        {"policy": ["/twilio/voice/calls/create"]},
        {"policy": ["/twilio/voice/calls/create"]},
        "update",
    ),
    ("usage trigger", {"friendly_name": "mine"}, {"friendly_name": "mine"}, "update"),
    ("usage trigger", {"callback_url": "https://evil.example/x"}, {"callback_url": "https://evil.example/x"}, "update"),
    ("usage trigger", {"callback_method": "GET"}, {"callback_method": "GET"}, "update"),
    ("usage trigger", {"trigger_value": "2000.000000"}, {"trigger_value": "2000"}, "replace"),
    ("usage trigger", {"usage_category": "calls"}, {"usage_category": "calls"}, "replace"),
    ("usage trigger", {"trigger_by": "price"}, {"trigger_by": "price"}, "replace"),
    ("usage trigger", {"recurring": "daily"}, {"recurring": "daily"}, "replace"),
    ("event sink", {"description": "mine"}, {"description": "mine"}, "update"),
    (
        "event sink",
        {"sink_configuration": {"destination": "https://evil.example", "method": "post", "batch_events": False}},
        {"sink_configuration": {"destination": "https://evil.example", "method": "POST", "batch_events": False}},
        "replace",
    ),
    ("event subscription", {"description": "mine"}, {"description": "mine"}, "update"),
    (
        "event subscription",
        {"types": {"com.twilio.messaging.message.sent": 1}},
        {"types": ["com.twilio.messaging.message.sent"]},
        "update",
    ),
]


@pytest.mark.parametrize("name", CHILDREN)
def test_a_read_right_after_a_create_finds_no_difference(operation, first, inputs, name):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    refreshed = operation().refresh(resource)
    assert refreshed.inputs == resource.inputs
    assert refreshed.outputs == resource.outputs
    assert first.up(kind, props, refreshed).did == "same"


@pytest.mark.parametrize(
    ("name", "console", "seen", "did"), CONSOLE, ids=[f"{name}-{'-'.join(seen)}" for name, _, seen, _ in CONSOLE]
)
def test_a_change_in_the_console_is_a_difference_and_is_repaired(
    operation, first, twilio, inputs, name, console, seen, did
):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.console(resource.id, **console)
    second = operation()
    found = second.refresh(resource)
    assert found.inputs == {**resource.inputs, **seen}
    repaired = second.up(kind, props, found)
    assert repaired.did == did
    assert operation().refresh(repaired).inputs == resource.inputs
    assert len(twilio.all(kind, props["account_sid"])) == 1


@pytest.mark.parametrize("name", CHILDREN)
def test_an_object_deleted_in_the_console_is_gone_and_is_made_again(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.vanish(resource.id)
    second = operation()
    assert second.refresh(resource) is None
    assert second.up(kind, props).id in twilio.sids(kind, props["account_sid"])


@pytest.mark.parametrize("reads_back", [None, "alltime"])
def test_a_trigger_that_fires_once_ever_reads_back_as_it_was_written(operation, first, twilio, account, reads_back):
    twilio.switch(alltime_reads_back=reads_back)
    props = {**{key: value for key, value in TRIGGER.items() if key != "recurring"}, "account_sid": account}
    resource = first.up("usage_trigger", props)
    assert operation().refresh(resource).inputs == resource.inputs


def test_a_url_without_a_path_reads_back_as_it_was_written(operation, first, twilio, account):
    resource = first.up("usage_trigger", {**TRIGGER, "account_sid": account, "callback_url": "https://owl.example/"})
    assert twilio.one("usage_trigger", account)["callback_url"] == "https://owl.example"
    found = operation().refresh(resource)
    assert found.inputs == resource.inputs
    assert first.up("usage_trigger", resource.inputs, found).did == "same"


def test_a_trigger_value_with_six_decimals_reads_back_as_its_number(first, twilio, account):
    first.up("usage_trigger", {**TRIGGER, "account_sid": account, "trigger_value": 1000.0})
    assert twilio.one("usage_trigger", account)["trigger_value"] == "1000.000000"


def test_twilio_keeps_a_policy_in_another_order_and_we_see_the_set(operation, first, twilio, account):
    resource = first.up("api_key", {**RESTRICTED, "account_sid": account})
    assert twilio.one("api_key", account)["policy"] == list(reversed(RESTRICTED["policy"]))
    assert operation().refresh(resource).inputs["policy"] == RESTRICTED["policy"]


def test_a_lower_case_method_of_a_sink_is_no_difference(operation, first, twilio, account):
    resource = first.up("event_sink", {**SINK, "account_sid": account})
    twilio.console(resource.id, sink_configuration={**SINK["sink_configuration"], "method": "post"})
    assert operation().refresh(resource).inputs == resource.inputs


def test_the_schema_version_that_twilio_pins_is_never_a_difference(operation, first, twilio, inputs):
    kind, props = inputs("event subscription")
    resource = first.up(kind, props)
    twilio.console(resource.id, types={props["types"][0]: 7})
    assert operation().refresh(resource).inputs == resource.inputs


def test_a_key_keeps_its_secret_through_refresh_and_update(operation, first, account):
    resource = first.up("api_key", {"friendly_name": "web#1", "account_sid": account})
    second = operation()
    renamed = second.up("api_key", {"friendly_name": "web#2", "account_sid": account}, second.refresh(resource))
    assert renamed.did == "update"
    assert renamed.outputs["secret"] == resource.outputs["secret"] != ""
    assert type(renamed.outputs["secret"]).__name__ == "Hidden"
