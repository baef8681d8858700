"""Answers that were lost, calls that were refused, replacements that were killed: in the end one object."""

import pytest
from provider_plugin import failure
from provider_samples import CHILDREN, KEY, NAME, SINK, SUBACCOUNT, SUBSCRIPTION, TRIGGER

AFTER = ["503-after-commit", "drop-after-commit"]


@pytest.mark.parametrize("mode", AFTER)
@pytest.mark.parametrize("name", CHILDREN)
def test_a_create_whose_answer_is_lost_ends_with_one_object(operation, twilio, inputs, name, mode):
    kind, props = inputs(name)
    twilio.fail(mode, "POST")
    resource = operation().up(kind, props)
    assert twilio.sids(kind, props["account_sid"]) == [resource.id]
    assert operation().refresh(resource).inputs == resource.inputs


@pytest.mark.parametrize("name", CHILDREN)
def test_nothing_is_posted_twice_where_nobody_knows_whether_it_was_made(operation, twilio, inputs, name):
    kind, props = inputs(name)
    twilio.forget()
    twilio.fail("drop", "POST")
    plugin = operation()
    assert "It may or may not have happened; run again, which looks first" in failure(plugin.up, kind, props)
    assert len(twilio.list_requests("POST")) == 1
    assert [plugin.up(kind, props).id] == twilio.sids(kind, props["account_sid"])


@pytest.mark.parametrize("status", [408, 504])
def test_nothing_is_posted_twice_where_somebody_only_stopped_waiting(operation, twilio, account, status):
    twilio.forget()
    twilio.fail("error", "POST", status=status)
    assert f"Twilio answered {status}" in failure(operation().up, "usage_trigger", {**TRIGGER, "account_sid": account})
    assert len(twilio.list_requests("POST")) == 1


@pytest.mark.parametrize("name", CHILDREN)
def test_a_create_that_failed_is_sent_again_once_nothing_was_found(operation, twilio, inputs, name):
    kind, props = inputs(name)
    plugin = operation()
    twilio.fail("503", "POST")
    twilio.forget()
    resource = plugin.up(kind, props)
    assert twilio.sids(kind, props["account_sid"]) == [resource.id]
    assert _methods(twilio, "Accounts.json") == ["GET", "POST", "GET", "GET", "POST"]


@pytest.mark.parametrize("status", [200, 403, 500, 502, 503])
def test_a_foreign_page_ends_a_call_and_the_object_is_made(operation, twilio, account, status):
    twilio.fail("html", "POST", status=status)
    resource = operation().up("usage_trigger", {**TRIGGER, "account_sid": account})
    assert twilio.sids("usage_trigger", account) == [resource.id]


def test_a_create_is_not_repeated_where_twilio_asks_to_wait_too_long(operation, twilio, account):
    twilio.fail("503", "POST", retry_after=3600)
    twilio.forget()
    message = failure(operation().up, "usage_trigger", {**TRIGGER, "account_sid": account})
    assert "and asks to wait 3600 seconds. It may or may not have happened" in message
    assert len(twilio.list_requests("POST")) == 1


def test_a_key_whose_answer_was_lost_has_a_secret_in_the_end(operation, twilio, account):
    twilio.fail("drop-after-commit", "POST")
    resource = operation().up("api_key", {**KEY, "account_sid": account})
    assert len(resource.outputs["secret"]) == 32


def test_a_key_with_several_lost_answers_has_a_secret_in_the_end(operation, twilio, account):
    twilio.fail("503-after-commit", "POST", times=3)
    resource = operation().up("api_key", {**KEY, "account_sid": account})
    assert twilio.sids("api_key", account) == [resource.id]
    assert len(resource.outputs["secret"]) == 32


def test_a_key_without_secret_stays_only_if_it_can_be_replaced(operation, twilio, account):
    twilio.fail("503-after-commit", "POST", retry_after=3600)
    message = failure(operation().up, "api_key", {**KEY, "account_sid": account})
    assert "It may or may not have happened; run again, which looks first" in message
    assert twilio.all("api_key", account) == []


def test_a_key_that_was_found_says_nothing_of_the_next_call(operation, twilio, account):
    # The first was made, found and deleted; the second may still be under way.
    twilio.fail("drop-after-commit", "POST")
    twilio.fail("drop", "POST")
    twilio.forget()
    plugin = operation()
    assert "the 2 times that it was sent" in failure(plugin.up, "api_key", {**KEY, "account_sid": account})
    assert len(twilio.list_requests("POST")) == 2
    resource = plugin.up("api_key", {**KEY, "account_sid": account})
    assert twilio.sids("api_key", account) == [resource.id]


@pytest.mark.parametrize("mode", AFTER)
def test_an_account_whose_answer_is_lost_is_found_by_its_exact_name(operation, twilio, mode):
    twilio.fail(mode, "POST")
    resource = operation().up("subaccount", SUBACCOUNT)
    assert [account["sid"] for account in twilio.accounts()] == [resource.id]


@pytest.mark.parametrize(("mode", "more"), [("drop", {}), ("html", {"status": 503}), ("error", {"code": 14})])
def test_an_account_is_posted_twice_only_if_twilio_reports_the_failure(operation, twilio, mode, more):
    twilio.fail(mode, "POST", **more)
    message = failure(operation().up, "subaccount", SUBACCOUNT)
    assert f"Creating subaccount '{NAME}': " in message
    assert "It may or may not have happened; run again, which looks first" in message
    assert len(twilio.list_requests("POST")) == 1
    operation().up("subaccount", SUBACCOUNT)
    assert len(twilio.accounts()) == 1


def test_an_account_is_posted_again_after_a_failure_that_twilio_reports(operation, twilio):
    twilio.fail("503", "POST")
    resource = operation().up("subaccount", SUBACCOUNT)
    assert [account["sid"] for account in twilio.accounts()] == [resource.id]
    assert _methods(twilio) == ["GET", "GET", "POST", "GET", "GET", "POST"]


@pytest.mark.parametrize("name", CHILDREN)
def test_a_delete_whose_answer_is_lost_is_done(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.fail("503-after-commit", "DELETE")
    operation().destroy(resource)
    assert twilio.all(kind, props["account_sid"]) == []


@pytest.mark.parametrize("name", CHILDREN)
def test_429s_in_the_middle_are_waited_out(operation, twilio, inputs, name):
    kind, props = inputs(name)
    plugin = operation()
    twilio.fail("429", times=2, retry_after=0)
    resource = plugin.up(kind, props)
    twilio.fail("429", "DELETE", retry_after=0)
    plugin.destroy(resource)
    assert twilio.all(kind, props["account_sid"]) == []


def test_429s_for_ever_end_in_a_sentence_and_nothing_was_done(operation, twilio):
    plugin = operation()
    twilio.fail("429", "GET", times=1000, retry_after=200)
    message = failure(plugin.up, "subaccount", SUBACCOUNT)
    assert message.startswith("Listing the subaccounts: Twilio answered 429, error 20429 Too Many Requests")
    assert "Nothing was done" in message


def test_a_list_that_fails_is_no_proof_that_something_is_gone(operation, first, twilio, account):
    resource = first.up("usage_trigger", {**TRIGGER, "account_sid": account})
    twilio.fail("503", "GET", "Triggers", retry_after=3600)
    assert "Listing the usage triggers" in failure(operation().refresh, resource)


def test_two_sinks_and_subscriptions_after_a_killed_replacement_become_one(operation, first, twilio, account):
    # Killed after the new sink was made: its subscription is still the old sink's.
    sink = first.up("event_sink", {**SINK, "account_sid": account})
    old = first.up("event_subscription", {**SUBSCRIPTION, "account_sid": account, "sink_sid": sink.id})
    moved = {**SINK["sink_configuration"], "destination": "https://hooks.owl.example/moved"}
    orphan = twilio.put("event_sink", account, description=SINK["description"], sink_configuration=moved)

    plugin, wanted = operation(), {**SINK, "sink_configuration": moved, "account_sid": account}
    news, _ = plugin.check("event_sink", plugin.add_owner("event_sink", wanted), sink.inputs)
    new_sink, _ = plugin.create("event_sink", news)
    replaced = plugin.up("event_subscription", {**old.inputs, "sink_sid": new_sink}, old)
    plugin.destroy(sink)

    assert new_sink == orphan
    assert twilio.sids("event_sink", account) == [orphan]
    assert twilio.sids("event_subscription", account) == [replaced.id]


def test_an_unknown_webhook_is_deleted_with_its_sink_when_ours_is_made(operation, twilio, account):
    # Killed before anything was saved, and the URL was changed since.
    named = {"description": SINK["description"]}
    elsewhere = {**SINK["sink_configuration"], "destination": "https://hooks.owl.example/before"}
    old = twilio.put("event_sink", account, **named, sink_configuration=elsewhere)
    twilio.put("event_subscription", account, **named, sink_sid=old)
    plugin = operation()
    sink = plugin.up("event_sink", {**SINK, "account_sid": account})
    ours = plugin.up("event_subscription", {**SUBSCRIPTION, "account_sid": account, "sink_sid": sink.id})
    assert twilio.sids("event_sink", account) == [sink.id]
    assert twilio.sids("event_subscription", account) == [ours.id]


def test_a_replaced_sink_in_use_goes_with_its_subscription(operation, first, twilio, account):
    sink = first.up("event_sink", {**SINK, "account_sid": account})
    old = first.up("event_subscription", {**SUBSCRIPTION, "account_sid": account, "sink_sid": sink.id})

    # The engine's order: new sink, new subscription, old subscription, old sink.
    plugin = operation()
    moved = {**SINK["sink_configuration"], "destination": "https://hooks.owl.example/moved"}
    new_sink, _ = plugin.create("event_sink", {**SINK, "sink_configuration": moved, "account_sid": account})
    new, _ = plugin.create("event_subscription", {**old.inputs, "sink_sid": new_sink})
    plugin.destroy(old)
    plugin.destroy(sink)

    assert twilio.sids("event_sink", account) == [new_sink]
    assert twilio.sids("event_subscription", account) == [new]


def _methods(twilio, *without):
    return [asked.method for asked in twilio.list_requests() if not asked.path.endswith(without)]
