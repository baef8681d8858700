"""Changes whose answer was lost: looked at, and made again only where they are not there yet."""

import pytest
from provider_plugin import failure
from provider_samples import NAME, SUBACCOUNT

from tenantry.model.event_subscription import ERROR_LOGGED

CHANGES = {
    "standard key": {"friendly_name": "web#2"},
    "restricted key": {"policy": ["/twilio/messaging/messages/read"]},
    "usage trigger": {"callback_method": "GET"},
    "event sink": {"description": "tenantry:other"},
    "event subscription": {"types": [ERROR_LOGGED, "com.twilio.messaging.message.sent"]},
}
BEFORE = ["503", "drop", "html"]
AFTER = [f"{mode}-after-commit" for mode in BEFORE]
KINDS_AND_MODES = [(name, 0) for name in CHANGES] + [("usage trigger", 1), ("usage trigger", 2)]
RENAMED = {**SUBACCOUNT, "friendly_name": "Acme Dental Clinic (acme)"}


def posts(twilio):
    return len(twilio.list_requests("POST"))


@pytest.mark.parametrize(("name", "mode"), [(name, AFTER[mode]) for name, mode in KINDS_AND_MODES])
def test_a_change_whose_answer_is_lost_is_found_and_not_made_again(operation, first, twilio, inputs, name, mode):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.fail(mode, "POST")
    twilio.forget()
    changed = operation().up(kind, {**props, **CHANGES[name]}, resource)
    assert (changed.did, posts(twilio)) == ("update", 1)
    assert operation().refresh(changed).inputs == changed.inputs


@pytest.mark.parametrize(("name", "mode"), [(name, BEFORE[mode]) for name, mode in KINDS_AND_MODES])
def test_a_change_that_was_lost_is_made_again(operation, first, twilio, inputs, name, mode):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.fail(mode, "POST")
    twilio.forget()
    changed = operation().up(kind, {**props, **CHANGES[name]}, resource)
    assert (changed.did, posts(twilio)) == ("update", 2)
    assert operation().refresh(changed).inputs == changed.inputs


def test_what_no_change_can_settle_does_not_make_it_look_lost(operation, first, twilio, inputs):
    kind, props = inputs("usage trigger")
    resource = first.up(kind, props)
    twilio.console(resource.id, trigger_value="2000")
    twilio.fail("drop-after-commit", "POST")
    twilio.forget()
    assert (operation().up(kind, {**props, "callback_method": "GET"}, resource).did, posts(twilio)) == ("update", 1)


@pytest.mark.parametrize(("mode", "sent"), [("drop-after-commit", 1), ("drop", 2)])
def test_an_account_whose_renaming_was_lost_has_its_new_name(operation, first, twilio, mode, sent):
    resource = first.up("subaccount", SUBACCOUNT)
    twilio.fail(mode, "POST")
    twilio.forget()
    operation().up("subaccount", RENAMED, resource)
    assert (twilio.account(resource.id)["friendly_name"], posts(twilio)) == (RENAMED["friendly_name"], sent)


@pytest.mark.parametrize("wanted", ["suspended", "closed"])
@pytest.mark.parametrize("mode", AFTER)
def test_an_account_is_looked_at_before_it_would_be_closed_again(operation, twilio, account, mode, wanted):
    twilio.fail(mode, "POST")
    twilio.forget()
    resource = operation().up("account_state", {"account_sid": account, "status": wanted})
    assert (resource.outputs["status"], twilio.account(account)["status"], posts(twilio)) == (wanted, wanted, 1)


@pytest.mark.parametrize("mode", BEFORE)
def test_an_account_that_is_not_closed_is_closed_after_two_looks(operation, twilio, account, mode):
    twilio.fail(mode, "POST")
    twilio.forget()
    resource = operation().up("account_state", {"account_sid": account, "status": "closed"})
    assert resource.outputs["status"] == "closed"
    assert [asked.method for asked in twilio.list_requests()] == ["GET", "POST", "GET", "GET", "POST"]


def test_a_change_that_can_not_be_looked_at_tells_both(operation, first, twilio):
    resource = first.up("subaccount", SUBACCOUNT)
    plugin = operation()
    twilio.fail("drop", "POST")
    twilio.fail("503", "GET", f"{resource.id}.json", skip=1, retry_after=3600)
    message = failure(plugin.up, "subaccount", RENAMED, resource)
    assert message.startswith(
        f"Updating account {resource.id} (friendly_name '{RENAMED['friendly_name']}'): no answer from"
    )
    assert "; looking for it: Twilio answered 503" in message
    assert "It may or may not have happened; run again, which looks first" in message
    assert twilio.account(resource.id)["friendly_name"] == NAME
