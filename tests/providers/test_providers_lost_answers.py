"""Answers that were lost, calls that were refused, runs that were killed: one object in the end, whatever happened."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from provider_plugin import failure
from provider_samples import CHILDREN, KEY, NAME, SINK, SUBACCOUNT, TRIGGER

AFTER = ["503-after-commit", "drop-after-commit"]


@pytest.mark.parametrize("mode", AFTER)
@pytest.mark.parametrize("name", CHILDREN)
def test_a_create_whose_answer_is_lost_ends_with_one_object(operation, twilio, inputs, name, mode):
    kind, props = inputs(name)
    twilio.fail(mode, "POST")
    made = operation().up(kind, props)
    assert twilio.sids(kind, props["account_sid"]) == [made.id]
    assert operation().refresh(made).inputs == made.inputs


@pytest.mark.parametrize("name", CHILDREN)
def test_a_create_that_never_happened_is_made(operation, twilio, inputs, name):
    kind, props = inputs(name)
    twilio.fail("503", "POST")
    assert operation().up(kind, props).id in twilio.sids(kind, props["account_sid"])


def test_a_key_whose_answer_was_lost_has_a_secret_in_the_end(operation, twilio, account):
    twilio.fail("drop-after-commit", "POST")
    made = operation().up("api_key", {**KEY, "account_sid": account})
    assert len(made.outputs["secret"]) == 32


@pytest.mark.parametrize("mode", AFTER)
def test_an_account_whose_answer_is_lost_is_found_by_its_exact_name(operation, twilio, mode):
    twilio.fail(mode, "POST")
    made = operation().up("subaccount", SUBACCOUNT)
    assert [account["sid"] for account in twilio.accounts()] == [made.id]


def test_an_account_is_not_posted_twice_where_nobody_knows_whether_it_was_made(operation, twilio):
    twilio.fail("503", "POST")
    told = failure(operation().up, "subaccount", SUBACCOUNT)
    assert f"Creating subaccount '{NAME}': Twilio answered 503" in told
    assert "It may or may not have happened; run again, which looks first" in told
    assert len([asked for asked in twilio.asked("POST") if asked.path.endswith("Accounts.json")]) == 1
    operation().up("subaccount", SUBACCOUNT)
    assert len(twilio.accounts()) == 1


@pytest.mark.parametrize("name", CHILDREN)
def test_a_delete_whose_answer_is_lost_is_done(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    made = first.up(kind, props)
    twilio.fail("503-after-commit", "DELETE")
    operation().destroy(made)
    assert twilio.all(kind, props["account_sid"]) == []


def test_an_update_whose_answer_is_lost_is_told_and_the_next_run_settles_it(operation, first, twilio, account):
    made = first.up("usage_trigger", {**TRIGGER, "account_sid": account})
    wanted = {**TRIGGER, "account_sid": account, "callback_method": "GET"}
    twilio.fail("503-after-commit", "POST")
    plugin = operation()
    assert "It may or may not have happened; run again" in failure(plugin.up, "usage_trigger", wanted, made)
    assert plugin.up("usage_trigger", wanted, made).did == "update"
    assert twilio.one("usage_trigger", account)["callback_method"] == "GET"


@pytest.mark.parametrize("name", CHILDREN)
def test_429s_in_the_middle_are_waited_out(operation, twilio, inputs, name):
    kind, props = inputs(name)
    plugin = operation()
    twilio.fail("429", times=2, retry_after=0)
    made = plugin.up(kind, props)
    twilio.fail("429", "DELETE", retry_after=0)
    plugin.destroy(made)
    assert twilio.all(kind, props["account_sid"]) == []


def test_429s_for_ever_end_in_a_sentence_and_nothing_was_done(operation, twilio):
    plugin = operation()
    twilio.fail("429", "GET", times=1000, retry_after=200)
    told = failure(plugin.up, "subaccount", SUBACCOUNT)
    assert told.startswith("Listing the subaccounts: Twilio answered 429, error 20429 Too Many Requests")
    assert "Nothing was done" in told


def test_html_from_a_proxy_is_no_proof_that_something_is_gone(operation, first, twilio, account):
    made = first.up("usage_trigger", {**TRIGGER, "account_sid": account})
    twilio.fail("503", "GET", "Triggers", times=100)
    assert "Listing the usage triggers" in failure(operation().refresh, made)


def test_two_sinks_and_subscriptions_after_a_killed_replacement_become_one(operation, first, twilio, account):
    # Killed after the new sink was made: its subscription is still the old sink's.
    sink = first.up("event_sink", {**SINK, "account_sid": account})
    subscribed = {"description": SINK["description"], "types": ["com.twilio.error-logs.error.logged"]}
    old = first.up("event_subscription", {**subscribed, "account_sid": account, "sink_sid": sink.id})
    moved = {**SINK["sink_configuration"], "destination": "https://hooks.owl.example/moved"}
    orphan = twilio.put("event_sink", account, description=SINK["description"], sink_configuration=moved)

    plugin, wanted = operation(), {**SINK, "sink_configuration": moved, "account_sid": account}
    news, _ = plugin.check("event_sink", plugin.owned("event_sink", wanted), sink.inputs)
    new_sink, _ = plugin.create("event_sink", news)
    replaced = plugin.up("event_subscription", {**old.inputs, "sink_sid": new_sink}, old)
    plugin.destroy(sink)

    assert new_sink == orphan
    assert twilio.sids("event_sink", account) == [orphan]
    assert twilio.sids("event_subscription", account) == [replaced.id]


def test_a_replaced_sink_in_use_goes_with_its_subscription(operation, first, twilio, account):
    sink = first.up("event_sink", {**SINK, "account_sid": account})
    subscribed = {"description": SINK["description"], "types": ["com.twilio.error-logs.error.logged"]}
    old = first.up("event_subscription", {**subscribed, "account_sid": account, "sink_sid": sink.id})

    # The engine's order: new sink, new subscription, old subscription, old sink.
    plugin = operation()
    moved = {**SINK["sink_configuration"], "destination": "https://hooks.owl.example/moved"}
    new_sink, _ = plugin.create("event_sink", {**SINK, "sink_configuration": moved, "account_sid": account})
    new, _ = plugin.create("event_subscription", {**old.inputs, "sink_sid": new_sink})
    plugin.destroy(old)
    plugin.destroy(sink)

    assert twilio.sids("event_sink", account) == [new_sink]
    assert twilio.sids("event_subscription", account) == [new]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the process ends within a second, not at once")
def test_a_post_that_waits_is_not_sent_once_the_parent_process_is_gone(twilio):
    """The plugin is started by a process that is killed while a create waits for its next try after a 429."""
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER],
        env={
            **os.environ,
            "TWILIO_ACCOUNT_SID": twilio.parent,
            "TWILIO_AUTH_TOKEN": twilio.token,
            "TENANTRY_TWILIO_URL": twilio.url,
        },
        stdout=subprocess.PIPE,
    )
    with starter:
        assert starter.stdout is not None
        plugin, port = (int(number) for number in starter.stdout.readline().split())
        twilio.fail("429", "POST", times=1, retry_after=1)
        creating = threading.Thread(target=_create_and_fail, args=(port,))
        creating.start()
        _until(lambda: twilio.asked("POST"))
        starter.send_signal(signal.SIGKILL)
        creating.join(20)
        _until(lambda: not _lives(plugin))
    assert len(twilio.asked("POST")) == 1
    assert twilio.accounts() == []


STARTER = """
import subprocess, sys, time
plugin = subprocess.Popen([sys.executable, "-u", "-m", "tenantry.engine.plugin", "127.0.0.1:0"], stdout=subprocess.PIPE)
print(plugin.pid, int(plugin.stdout.readline()), flush=True)
time.sleep(600)
"""


def _create_and_fail(port: int) -> None:
    import grpc
    from provider_plugin import bag
    from pulumi.runtime.proto import provider_pb2 as pb
    from pulumi.runtime.proto import provider_pb2_grpc

    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel, pytest.raises(grpc.RpcError):
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        stub.Create(pb.CreateRequest(properties=bag("subaccount", SUBACCOUNT)))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _until(true, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
