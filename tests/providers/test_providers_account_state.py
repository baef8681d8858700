"""The state of an account: the only thing that suspends or closes one, and what is closed stays closed."""

import time

import pytest
from provider_plugin import failure

from faketwilio.store.clock import Clock


def status(twilio, account):
    return twilio.account(account)["status"]


def state(account, wanted):
    return {"account_sid": account, "status": wanted}


@pytest.mark.parametrize("wanted", ["suspended", "closed"])
def test_it_brings_the_account_to_its_state(operation, twilio, account, wanted):
    resource = operation().up("account_state", state(account, wanted))
    assert (resource.id, resource.outputs["status"], status(twilio, account)) == (account, wanted, wanted)
    found = operation().refresh(resource)
    assert (found.inputs, found.outputs) == (resource.inputs, resource.outputs)
    assert operation().up("account_state", state(account, wanted), found).did == "same"


def test_an_account_activated_in_the_console_is_suspended_again(operation, twilio, account):
    resource = operation().up("account_state", state(account, "suspended"))
    twilio.console(account, status="active")
    second = operation()
    found = second.refresh(resource)
    assert found.inputs == {**resource.inputs, "status": "active"}
    assert second.up("account_state", state(account, "suspended"), found).did == "update"
    assert status(twilio, account) == "suspended"


def test_an_account_that_is_there_already_is_not_touched(operation, twilio, account):
    twilio.console(account, status="suspended")
    twilio.forget()
    operation().up("account_state", state(account, "suspended"))
    assert twilio.writes() == []


@pytest.mark.parametrize(
    ("moved", "sentence"), [(-60, "60 days ahead of"), (60, "60 days behind")], ids=["ahead", "behind"]
)
def test_no_account_is_closed_by_a_clock_that_is_not_twilios(operation, fake, twilio, account, moved, sentence):
    fake.store.clock = Clock(lambda: time.time() + moved * 86_400)
    twilio.forget()
    refused = failure(operation().up, "account_state", state(account, "closed"))
    assert refused.startswith(
        f"Closing account {account}: this machine's clock is {sentence} Twilio's, so it is unknown"
    )
    assert "It was not closed" in refused
    assert (twilio.writes(), status(twilio, account)) == ([], "active")
    operation().up("account_state", state(account, "suspended"))
    assert status(twilio, account) == "suspended"


def test_a_suspended_account_is_closed_when_that_is_asked_for(operation, twilio, account):
    resource = operation().up("account_state", state(account, "suspended"))
    closed = operation().up("account_state", state(account, "closed"), resource)
    assert (closed.did, closed.outputs["status"], status(twilio, account)) == ("update", "closed", "closed")


def test_closed_is_final_an_everyday_run_after_it_changes_nothing(operation, twilio, account):
    closed = operation().up("account_state", state(account, "closed"))
    twilio.forget()
    everyday = operation().up("account_state", state(account, "suspended"), closed)
    assert (everyday.did, everyday.inputs["status"]) == ("same", "closed")
    assert operation().up("account_state", state(account, "suspended"), operation().refresh(everyday)).did == "same"
    assert twilio.writes() == []


def test_an_account_closed_in_the_console_is_shown_and_left(operation, twilio, account):
    resource = operation().up("account_state", state(account, "suspended"))
    twilio.console(account, status="closed")
    found = operation().refresh(resource)
    assert found.outputs["status"] == "closed"
    assert operation().up("account_state", state(account, "suspended"), found).did == "same"


def test_a_closed_account_that_twilio_has_forgotten_is_missing_and_stays_so(operation, twilio, account):
    resource = operation().up("account_state", state(account, "closed"))
    twilio.later(days=31)
    found = operation().refresh(resource)
    assert (found.id, found.outputs["status"]) == (account, "missing")
    assert operation().up("account_state", state(account, "suspended"), found).did == "same"


def test_suspending_an_account_that_was_closed_meanwhile_says_closed_and_does_nothing(operation, twilio, account):
    twilio.console(account, status="closed")
    twilio.forget()
    resource = operation().up("account_state", state(account, "suspended"))
    assert resource.outputs["status"] == "closed"
    assert operation().up("account_state", state(account, "suspended"), resource).did == "same"
    assert twilio.writes() == []


def test_its_delete_changes_nothing(operation, twilio, account):
    resource = operation().up("account_state", state(account, "suspended"))
    twilio.forget()
    operation().destroy(resource)
    assert (twilio.list_requests(), status(twilio, account)) == ([], "suspended")


def test_it_waits_where_no_account_was_made(operation, twilio):
    plugin = operation()
    resource = plugin.up("account_state", state("waiting-acme", "closed"))
    assert resource.id == "waiting-account_state"
    assert plugin.up("account_state", state("waiting-acme", "closed"), resource).did == "same"
    assert plugin.refresh(resource).outputs == resource.outputs
    assert twilio.list_requests() == []


def test_a_tenant_that_returns_suspended_without_an_account_is_not_closed(operation, twilio, account):
    waiting = operation().up("account_state", state("waiting-acme", "closed"))
    resource = operation().up("account_state", state(account, "suspended"), waiting)
    assert (resource.did, resource.id, status(twilio, account)) == ("replace", account, "suspended")


def test_a_refusal_names_the_account_and_what_was_asked_of_it(operation, twilio, account):
    plugin = operation()
    resource = plugin.up("account_state", state(account, "suspended"))
    twilio.console(account, status="active")
    twilio.console(twilio.parent, status="suspended")
    message = failure(plugin.update, "account_state", account, resource.outputs, state(account, "suspended"))
    assert f"Updating account {account} (status 'suspended'): Twilio answered 400, error 21476" in message


def never_used(account, wanted="closed"):
    return {**state(account, wanted), "never_used": True}


def test_a_never_used_account_of_today_is_closed_without_a_notice(operation, twilio, account):
    resource = operation().up("account_state", state(account, "suspended"))
    assert operation().up("account_state", never_used(account), resource).outputs["status"] == "closed"
    assert status(twilio, account) == "closed"


@pytest.mark.parametrize("kind", ["message", "call", "recording"])
def test_an_account_with_traffic_is_not_closed_without_a_notice(operation, twilio, account, kind):
    twilio.seed(kind, account)
    error = failure(lambda: operation().up("account_state", never_used(account)))
    assert f"of phone numbers, messages, calls, recordings and usage records it has {kind}s" in error
    assert "Nothing was closed" in error
    assert status(twilio, account) == "active"


def test_an_account_with_a_number_is_not_closed_without_a_notice(operation, twilio, account):
    twilio.buy_number(account)
    assert "it has phone numbers" in failure(lambda: operation().up("account_state", never_used(account)))
    assert status(twilio, account) == "active"


def test_an_account_that_used_anything_is_not_closed_without_a_notice(operation, twilio, account):
    twilio.use(account, category="sms", count=1, usage=1, price=0)
    assert "it has usage of " in failure(lambda: operation().up("account_state", never_used(account)))
    assert status(twilio, account) == "active"


def test_an_account_of_yesterday_is_not_closed_without_a_notice(operation, twilio, account):
    twilio.later(days=1)
    error = failure(lambda: operation().up("account_state", never_used(account)))
    assert f"account {account} was made at " in error
    assert "24 h 0 min ago by Twilio's clock" in error
    assert status(twilio, account) == "active"
