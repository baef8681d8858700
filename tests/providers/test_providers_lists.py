"""Lists: only reads use them, one call per account and kind in a run, and a write drops them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from provider_plugin import Saved, failure
from provider_samples import CHILDREN, RESTRICTED, TRIGGER

LISTS = {
    "standard key": "Keys.json",
    "usage trigger": "Triggers.json",
    "event sink": "Sinks",
    "event subscription": "Subscriptions",
}


def lists(twilio, name):
    return [asked for asked in twilio.list_requests("GET") if asked.path.endswith(LISTS[name])]


@pytest.mark.parametrize("name", LISTS)
def test_many_reads_at_once_share_one_list(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.slow(50)
    twilio.forget()
    plugin = operation()
    with ThreadPoolExecutor(64) as threads:
        found = list(threads.map(lambda _: plugin.refresh(resource).inputs, range(64)))
    assert found == [resource.inputs] * 64
    assert len(lists(twilio, name)) == 1
    assert len([asked for asked in twilio.list_requests() if asked.path.endswith("/Accounts.json")]) == 1


def test_a_list_that_fails_is_not_remembered_the_next_read_asks_again(operation, first, twilio, account):
    resource = first.up("usage_trigger", {**TRIGGER, "account_sid": account})
    plugin = operation()
    twilio.fail("429", "GET", "Triggers", retry_after=200)
    assert failure(plugin.refresh, resource).startswith("Listing the usage triggers")
    assert plugin.refresh(resource).inputs == resource.inputs


def test_each_account_has_its_own_list(operation, first, twilio):
    created = []
    for slug in ("a", "b"):
        account = first.up("subaccount", {"slug": slug, "friendly_name": f"T ({slug})"}).id
        created.append(first.up("usage_trigger", {**TRIGGER, "account_sid": account}))
    twilio.forget()
    plugin = operation()
    assert [plugin.refresh(saved).id for saved in created] == [saved.id for saved in created]
    assert len(lists(twilio, "usage trigger")) == 2


@pytest.mark.parametrize("write", ["create", "update", "delete"])
def test_a_write_drops_the_list_of_its_account_and_kind(operation, first, twilio, account, write):
    resource = first.up("usage_trigger", {**TRIGGER, "account_sid": account})
    other = {**TRIGGER, "account_sid": account, "friendly_name": "other"}
    plugin = operation()
    doomed = plugin.up("usage_trigger", {**other, "friendly_name": "doomed"})
    plugin.refresh(resource)
    if write == "create":
        plugin.up("usage_trigger", other)
    elif write == "update":
        resource = plugin.up("usage_trigger", {**resource.inputs, "callback_method": "GET"}, resource)
    else:
        plugin.destroy(doomed)
    twilio.forget()
    assert plugin.refresh(resource).inputs == resource.inputs
    assert len(lists(twilio, "usage trigger")) == 1


@pytest.mark.parametrize("name", CHILDREN)
def test_absence_from_a_list_is_confirmed_by_one_question_for_that_object(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.vanish(resource.id)
    twilio.forget()
    plugin = operation()
    assert plugin.read(kind, resource.id, resource.outputs) == ("", {}, None)
    assert len([asked for asked in twilio.list_requests("GET") if resource.id in asked.path]) == 1


def test_an_object_made_since_the_list_was_loaded_is_not_gone(operation, first, twilio, account):
    resource = first.up("usage_trigger", {**TRIGGER, "account_sid": account})
    plugin = operation()
    plugin.refresh(resource)
    later = first.up("usage_trigger", {**TRIGGER, "account_sid": account, "friendly_name": "later"})
    assert plugin.refresh(later).inputs == later.inputs


def test_a_restricted_key_costs_one_question_more_for_its_policy(operation, first, twilio, account):
    resource = first.up("api_key", {**RESTRICTED, "account_sid": account})
    twilio.forget()
    operation().refresh(resource)
    assert twilio.counts() == {"GET api.twilio.com": 2, "GET iam.twilio.com": 1}


def test_the_look_before_a_create_asks_anew(operation, first, twilio, account):
    plugin = operation()
    resource = first.up("usage_trigger", {**TRIGGER, "account_sid": account})
    plugin.refresh(resource)
    behind = twilio.put("usage_trigger", account, **{**TRIGGER, "friendly_name": "new", "trigger_value": "1000.000000"})
    assert plugin.up("usage_trigger", {**TRIGGER, "friendly_name": "new", "account_sid": account}).id == behind


def test_a_refresh_costs_one_call_per_kind_and_one_for_all_accounts(operation, first, twilio, account):
    saved: list[Saved] = [
        first.up("usage_trigger", {**TRIGGER, "account_sid": account, "friendly_name": f"t{n}"}) for n in range(3)
    ]
    saved += [first.up("api_key", {"friendly_name": f"k#{n}", "account_sid": account}) for n in range(3)]
    twilio.forget()
    plugin = operation()
    for item in saved:
        plugin.refresh(item)
    assert twilio.counts() == {"GET api.twilio.com": 3}
