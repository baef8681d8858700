"""Tenants that rest: their objects are left alone, what is missing waits, and a thaw makes exactly what was missing."""

import pytest
from provider_plugin import Plugin, failure
from provider_samples import CHILDREN, RETENTION, SINK, SUBACCOUNT, TRIGGER

FROZEN = {"frozen": True}
OWN_CREDENTIALS = ["event sink", "event subscription"]
BY_THE_PARENT = [name for name in CHILDREN if name not in OWN_CREDENTIALS]


@pytest.fixture(params=CHILDREN)
def child(request, inputs):
    return inputs(request.param)


def test_a_frozen_object_is_no_difference_whatever_the_manifest_says(operation, first, twilio, child):
    kind, props = child
    resource = first.up(kind, props)
    twilio.forget()
    changed = {**props, **FROZEN, "friendly_name": "other", "description": "other", "adopt": "X1"}
    assert operation().up(kind, changed, resource).did == "same"
    assert twilio.list_requests() == []


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_a_read_in_an_inactive_account_repeats_the_state_without_a_request(operation, first, twilio, child, status):
    kind, props = child
    resource = first.up(kind, props)
    twilio.vanish(resource.id)
    twilio.console(props["account_sid"], status=status)
    twilio.forget()
    found = operation().refresh(resource)
    assert (found.id, found.inputs, found.outputs) == (resource.id, resource.inputs, resource.outputs)
    assert {asked.path for asked in twilio.list_requests()} == {"/2010-04-01/Accounts.json"}


def test_a_read_in_an_account_that_is_gone_repeats_the_state(operation, first, twilio, child):
    kind, props = child
    resource = first.up(kind, props)
    twilio.vanish(props["account_sid"])
    assert operation().refresh(resource).outputs == resource.outputs


def test_a_tenant_born_suspended_gets_objects_while_its_account_is_active(operation, twilio, child):
    kind, props = child
    resource = operation().up(kind, {**props, **FROZEN})
    assert resource.id in twilio.sids(kind, props["account_sid"])


def test_an_object_of_a_suspended_tenant_waits_until_the_thaw(operation, twilio, child):
    kind, props = child
    account = props["account_sid"]
    twilio.console(account, status="suspended")
    twilio.forget()
    suspended = operation()
    waiting = suspended.up(kind, {**props, **FROZEN})
    assert waiting.id.startswith("waiting-")
    assert suspended.up(kind, {**props, **FROZEN}, waiting).did == "same"
    assert operation().refresh(waiting).id == waiting.id
    assert twilio.writes() == []
    assert "waits for its tenant to be active" in operation.stop(suspended)

    twilio.console(account, status="active")
    thawed = operation().up(kind, props, waiting)
    assert thawed.did == "replace"
    assert twilio.sids(kind, account) == [thawed.id]


def test_a_waiting_object_is_deleted_without_a_request(operation, twilio, child):
    kind, props = child
    twilio.console(props["account_sid"], status="suspended")
    waiting = operation().up(kind, {**props, **FROZEN})
    twilio.forget()
    operation().destroy(waiting)
    assert twilio.list_requests() == []


def test_a_thaw_puts_right_what_was_changed_meanwhile(operation, first, twilio, account):
    resource = first.up("usage_trigger", {**TRIGGER, "account_sid": account})
    changed = {**TRIGGER, "account_sid": account, "callback_url": "https://hooks.owl.example/new"}
    frozen = operation().up("usage_trigger", {**changed, **FROZEN}, resource)
    thawed = operation().up("usage_trigger", changed, frozen)
    assert (thawed.did, thawed.id) == ("update", resource.id)
    assert twilio.one("usage_trigger", account)["callback_url"] == "https://hooks.owl.example/new"


def test_nothing_is_made_for_a_released_tenant(operation, twilio, child):
    kind, props = child
    twilio.forget()
    resource = operation().up(kind, {**props, **FROZEN, "released": True})
    assert resource.id.startswith("waiting-")
    assert twilio.list_requests() == []


def test_nothing_is_made_where_the_account_itself_waits(operation, twilio, child):
    kind, props = child
    twilio.forget()
    resource = operation().up(kind, {**props, **FROZEN, "account_sid": "waiting-acme"})
    assert resource.id.startswith("waiting-")
    assert twilio.list_requests() == []


class TestSuspendedBySomebody:
    """An account whose manifest names no state: it is left as it is, and what is to be done waits."""

    RESTS = "the account is suspended in Twilio, and the manifest names no state. It was left as it is."

    def test_nothing_is_made(self, operation, twilio, child):
        kind, props = child
        twilio.console(props["account_sid"], status="suspended")
        twilio.forget()
        assert self.RESTS in failure(operation().up, kind, props)
        assert twilio.writes() == []

    def test_nothing_is_changed(self, operation, first, twilio, account):
        resource = first.up("usage_trigger", {**TRIGGER, "account_sid": account})
        twilio.console(account, status="suspended")
        changed = {**resource.inputs, "callback_url": "https://hooks.owl.example/new"}
        assert self.RESTS in failure(operation().up, "usage_trigger", changed, resource)
        assert twilio.one("usage_trigger", account)["callback_url"] == TRIGGER["callback_url"]

    def test_it_is_not_renamed(self, operation, twilio, account):
        twilio.console(account, status="suspended")
        renamed = {**SUBACCOUNT, "friendly_name": "Other (acme)"}
        assert self.RESTS in failure(operation().update, "subaccount", account, SUBACCOUNT, renamed)
        assert twilio.account(account)["friendly_name"] == SUBACCOUNT["friendly_name"]

    def test_nothing_is_deleted(self, operation, first, twilio, stack, child):
        kind, props = child
        resource = first.up(kind, props)
        stack.manifest("acme")
        twilio.console(props["account_sid"], status="suspended")
        assert self.RESTS in failure(operation().destroy, resource)
        twilio.console(props["account_sid"], status="active")
        assert twilio.sids(kind, props["account_sid"]) == [resource.id]


@pytest.mark.parametrize("name", BY_THE_PARENT)
def test_keys_and_triggers_of_a_suspended_account_are_deleted_by_the_parent(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.console(props["account_sid"], status="suspended")
    operation().destroy(resource)
    assert twilio.all(kind, props["account_sid"]) == []


@pytest.mark.parametrize("name", OWN_CREDENTIALS)
def test_webhooks_of_a_suspended_account_stay_with_a_warning(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.console(props["account_sid"], status="suspended")
    plugin = operation()
    plugin.destroy(resource)
    assert twilio.sids(kind, props["account_sid"]) == [resource.id]
    assert f"{resource.id} stays: account {props['account_sid']} is suspended; drift will show it" in operation.stop(
        plugin
    )


@pytest.mark.parametrize("gone", ["closed", "missing"])
def test_in_an_account_that_is_closed_or_gone_a_delete_is_done(operation, first, twilio, child, gone):
    kind, props = child
    resource = first.up(kind, props)
    twilio.console(props["account_sid"], status="closed")
    if gone == "missing":
        twilio.later(days=31)
    twilio.forget()
    operation().destroy(resource)
    assert twilio.writes() == []


def test_a_delete_of_what_is_gone_already_is_done(operation, first, twilio, child):
    kind, props = child
    resource = first.up(kind, props)
    twilio.vanish(resource.id)
    operation().destroy(resource)


def test_a_tenant_born_suspended_needs_no_read_of_its_new_account(operation, twilio):
    plugin: Plugin = operation()
    account = plugin.up("subaccount", {"slug": "acme", "friendly_name": "Acme (acme)", "active": False})
    twilio.forget()
    plugin.up("event_sink", {**SINK, **FROZEN, "account_sid": account.id})
    plugin.up("account_state", {"account_sid": account.id, "status": "suspended"})
    assert twilio.counts() == {"POST events.twilio.com": 1, "GET api.twilio.com": 1, "POST api.twilio.com": 1}


class TestRetention:
    """A record of a policy: it rests and waits like the others, and never makes a call."""

    def test_is_recorded_changed_read_and_deleted_without_a_request(self, operation, twilio, account):
        twilio.forget()
        plugin, props = operation(), {**RETENTION, "account_sid": account}
        resource = plugin.up("retention", props)
        assert resource.id == f"{account}/retention"
        changed = plugin.up("retention", {**props, "messages": {"keep_days": 31.0, "action": "redact"}}, resource)
        assert (changed.did, changed.id) == ("update", resource.id)
        assert plugin.refresh(changed).outputs == changed.outputs
        plugin.destroy(changed)
        assert twilio.list_requests() == []

    def test_rests_with_its_tenant_and_waits_for_its_account(self, operation, account):
        plugin, props = operation(), {**RETENTION, "account_sid": account}
        resource = plugin.up("retention", props)
        assert plugin.up("retention", {**props, **FROZEN, "calls": {"keep_days": 1.0}}, resource).did == "same"
        waiting = plugin.up("retention", {**props, **FROZEN, "account_sid": "waiting-acme"})
        assert waiting.id == "waiting-retention"
        assert plugin.up("retention", props, waiting).id == f"{account}/retention"
