"""Deletes of a tenant for which something failed, or waits, in the same run: they are left to the next one."""

import pytest
from provider_plugin import CheckError, failure
from provider_samples import CHILDREN, KEY, RESTRICTED, SINK, SUBACCOUNT, SUBSCRIPTION, TRIGGER

NEXT = {**KEY, "friendly_name": "web#2"}
REFUSED = {"status": 400, "code": 70002, "message": "no"}


@pytest.fixture
def old(first, account):
    """The generation in use."""
    return first.up("api_key", {**KEY, "account_sid": account})


def there(twilio, saved):
    return saved.id in twilio.sids(saved.kind, saved.inputs["account_sid"])


def test_a_key_stays_where_its_next_generation_could_not_be_made(operation, twilio, account, old):
    twilio.fail("error", "POST", **REFUSED)
    plugin = operation()
    failure(plugin.up, "api_key", {**NEXT, "account_sid": account})
    message = failure(plugin.destroy, old)
    assert message == (
        f"Deleting web#1 ({old.id}) in account {account}: held back, because acme/api_key/web-2 failed in this run. "
        "Nothing was deleted. The first run in which nothing fails for acme deletes it."
    )
    assert there(twilio, old)


def test_the_next_run_deletes_it(operation, twilio, account, old):
    twilio.fail("error", "POST", **REFUSED)
    failure(operation().up, "api_key", {**NEXT, "account_sid": account})
    plugin = operation()
    plugin.up("api_key", {**NEXT, "account_sid": account})
    plugin.destroy(old)
    assert not there(twilio, old)


def test_two_runs_keep_the_key_of_a_suspended_account(operation, twilio, account, old):
    twilio.console(account, status="suspended")
    for _ in range(2):
        plugin = operation()
        failure(plugin.up, "api_key", {**NEXT, "account_sid": account})
        assert "held back" in failure(plugin.destroy, old)
    assert there(twilio, old)


@pytest.mark.parametrize(
    ("name", "broken"),
    [*((name, "usage trigger") for name in CHILDREN), *(("standard key", name) for name in CHILDREN)],
)
def test_nothing_of_a_tenant_goes_where_anything_of_it_failed(operation, first, twilio, inputs, name, broken):
    kind, props = inputs(name)
    saved = first.up(kind, props)
    other, sample = CHILDREN[broken]
    wanted = {"account_sid": props["account_sid"], **sample, "sink_sid": "DG" + "1" * 32}
    wanted |= {"friendly_name": "other"} if "friendly_name" in sample else {"description": "other"}
    twilio.fail("error", "POST", times=2, **REFUSED)
    plugin = operation()
    failure(plugin.up, other, wanted)
    assert "held back" in failure(plugin.destroy, saved)
    assert there(twilio, saved)


def test_a_change_that_failed_holds_back_too(operation, twilio, account, old):
    twilio.fail("error", "POST", **REFUSED)
    plugin = operation()
    failure(plugin.update, "subaccount", account, SUBACCOUNT, {**SUBACCOUNT, "friendly_name": "Other (acme)"})
    assert "acme failed in this run" in failure(plugin.destroy, old)


def test_a_check_that_failed_holds_back_too(operation, old):
    plugin = operation()
    with pytest.raises(CheckError):
        plugin.up("usage_trigger", {**TRIGGER, "trigger_value": "many"})
    assert "acme/usage_trigger/monthly-sms failed in this run" in failure(plugin.destroy, old)


def test_all_that_failed_is_counted(operation, twilio, account, old):
    twilio.fail("error", "POST", times=2, **REFUSED)
    plugin = operation()
    for wanted in (NEXT, RESTRICTED):
        failure(plugin.up, "api_key", {**wanted, "account_sid": account})
    assert "acme/api_key/web-2 and 1 more of acme failed" in failure(plugin.destroy, old)


def test_another_tenant_is_not_held_back(operation, twilio, old):
    twilio.fail("error", "POST", **REFUSED)
    plugin = operation()
    failure(plugin.up, "subaccount", {"slug": "birch", "friendly_name": "Birch (birch)"})
    plugin.destroy(old)
    assert not there(twilio, old)


def test_what_is_gone_already_is_forgotten_though_something_failed(operation, twilio, account, old):
    twilio.fail("error", "POST", **REFUSED)
    plugin = operation()
    failure(plugin.up, "api_key", {**NEXT, "account_sid": account})
    plugin.delete("api_key", "waiting-web#1", old.outputs)


class TestWaiting:
    """A tenant that rests: a key of it is not made before it is active again."""

    @pytest.fixture
    def resting(self, twilio, account, old):
        twilio.console(account, status="suspended")
        return {**NEXT, "account_sid": account, "frozen": True}

    def test_the_key_before_one_that_waits_stays(self, operation, twilio, resting, old):
        plugin = operation()
        assert plugin.up("api_key", resting).id == "waiting-web#2"
        message = failure(plugin.destroy, old)
        assert "held back, because acme/api_key/web-2 waits for its tenant to be active. Nothing was deleted" in message
        assert there(twilio, old)

    def test_it_stays_in_the_next_run_too(self, operation, twilio, stack, resting, old):
        stack.manifest("acme", "state: suspended\napi_keys: {web: {access: standard, generations: [2]}}\n")
        stack.holds("api_key", "waiting-web#2", resting)
        assert "web-2 waits" in failure(operation().destroy, old)
        assert there(twilio, old)

    def test_it_goes_when_the_key_that_waited_was_made(self, operation, twilio, stack, resting, old):
        stack.holds("api_key", "waiting-web#2", resting)
        twilio.console(resting["account_sid"], status="active")
        plugin = operation()
        plugin.create("api_key", {**NEXT, "account_sid": resting["account_sid"]})
        plugin.destroy(old)
        assert not there(twilio, old)

    def test_it_goes_with_the_whole_entry(self, operation, twilio, stack, resting, old):
        stack.manifest("acme", "state: suspended\n")
        stack.holds("api_key", "waiting-web#2", resting)
        operation().destroy(old)
        assert not there(twilio, old)

    def test_an_older_generation_that_waits_keeps_nothing(self, operation, twilio, stack, account, resting):
        newer = twilio.put("api_key", account, friendly_name="web#3")
        stack.holds("api_key", "waiting-web#2", resting)
        operation().delete("api_key", newer, {"friendly_name": "web#3", "account_sid": account})
        assert newer not in twilio.sids("api_key", account)


def test_a_webhook_stays_where_the_subscription_of_the_next_failed(operation, first, twilio, account):
    sink = first.up("event_sink", {**SINK, "account_sid": account})
    old = first.up("event_subscription", {**SUBSCRIPTION, "account_sid": account, "sink_sid": sink.id})
    moved = {**SINK["sink_configuration"], "destination": "https://hooks.owl.example/moved"}
    plugin = operation()
    new, _ = plugin.create("event_sink", {**SINK, "sink_configuration": moved, "account_sid": account})
    twilio.fail("error", "POST", "Subscriptions", **REFUSED)
    failure(plugin.create, "event_subscription", {**old.inputs, "sink_sid": new})
    assert "held back" in failure(plugin.destroy, old)
    assert "held back" in failure(plugin.destroy, sink)
    assert (there(twilio, old), there(twilio, sink)) == (True, True)
