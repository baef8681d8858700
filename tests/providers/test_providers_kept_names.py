"""Adopted objects keep their names, and what has our name and is another entry's is left alone."""

import pytest
from provider_samples import CHILDREN, SUBACCOUNT, SUBSCRIPTION, TRIGGER

SLUG = SUBACCOUNT["slug"]
RECEIPTS = "com.twilio.messaging.message.delivered"


def with_name(props, name):
    """Return inputs with another name."""
    return {**props, **({"friendly_name": name} if "friendly_name" in props else {"description": name})}


@pytest.mark.parametrize("name", CHILDREN)
def test_an_adoption_under_its_own_name_writes_nothing(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    field = "friendly_name" if "friendly_name" in props else "description"
    twilio.console(resource.id, **{field: "made by hand"})
    twilio.forget()
    adopted = operation().up(kind, {**with_name(props, "made by hand"), "adopt": resource.id})
    assert (adopted.id, twilio.writes()) == (resource.id, [])
    assert operation().refresh(adopted).inputs == adopted.inputs


def test_what_an_adopted_object_is_called_is_free_for_a_new_entry(operation, first, twilio, stack, inputs):
    kind, props = inputs("usage trigger")
    resource = first.up(kind, props)
    stack.holds(kind, resource.id, with_name(props, "old") | {"adopt": resource.id})
    trigger = "{usage_category: sms, trigger_value: 1, callback_url: 'https://hooks.owl.example/x'"
    adopted = f"adopt: {resource.id}, friendly_name: {TRIGGER['friendly_name']}"
    stack.manifest(SLUG, f"usage_triggers:\n  old: {trigger}, {adopted}}}\n  monthly-sms: {trigger}}}\n")
    created = operation().up(kind, props)
    assert created.id != resource.id
    assert sorted(twilio.sids(kind, props["account_sid"])) == sorted([created.id, resource.id])


def test_a_replaced_subscription_of_another_name_hands_its_types_on(operation, first, twilio, stack, inputs):
    kind, props = inputs("event subscription")
    resource = first.up(kind, props)
    twilio.console(resource.id, description="theirs", types={SUBSCRIPTION["types"][0]: 1, RECEIPTS: 1})
    stack.holds(kind, resource.id, props)
    sink = twilio.put("event_sink", props["account_sid"], description="another")
    created = operation().up(kind, {**props, "sink_sid": sink})
    types = next(record for record in twilio.all(kind, props["account_sid"]) if record["sid"] == created.id)["types"]
    assert RECEIPTS in types
