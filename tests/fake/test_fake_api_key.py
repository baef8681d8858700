"""Statements 20 to 22 and 26 to 28: v2010 keys."""

import re

import pytest
from twilio.base.exceptions import TwilioRestException

ROOT = "/2010-04-01/Accounts"


@pytest.fixture
def account(parent, acme):
    return parent.api.v2010.accounts(acme["sid"])


def test_statement_20_a_secret_is_shown_once(wire, account, acme):
    key = account.new_keys.create(friendly_name="web#1")
    assert re.fullmatch("[0-9a-zA-Z]{32}", key.secret)
    item = f"{ROOT}/{acme['sid']}/Keys/{key.sid}.json"
    assert "secret" not in wire("GET", item).json()
    assert "secret" not in wire("POST", item, data={"FriendlyName": "x"}).json()
    assert "secret" not in wire("GET", f"{ROOT}/{acme['sid']}/Keys.json").json()["keys"][0]


def test_statement_21_a_key_type_is_ignored_on_v2010(wire, acme):
    policy = '{"allow":["/twilio/messaging/messages/read"]}'
    created = wire("POST", f"{ROOT}/{acme['sid']}/Keys.json", data={"KeyType": "restricted", "Policy": policy})
    assert created.status_code == 201
    key = created.json()["sid"], created.json()["secret"]
    assert wire.events("GET", "/v1/Sinks", auth=key).status_code == 200


def test_statement_22_keys_signing_keys_and_iam_keys_are_the_same_keys(account, acme_client, acme):
    sids = {
        account.new_keys.create(friendly_name="a").sid,
        account.new_signing_keys.create(friendly_name="b").sid,
        acme_client.iam.v1.new_api_key.create(account_sid=acme["sid"], friendly_name="c").sid,
    }
    assert len(sids) == 3
    assert {key.sid for key in account.keys.list()} == sids
    assert {key.sid for key in account.signing_keys.list()} == sids
    assert {key.sid for key in acme_client.iam.v1.get_api_keys.list(account_sid=acme["sid"])} == sids


def test_statement_26_a_name_of_65_characters_makes_no_key(account):
    with pytest.raises(TwilioRestException) as caught:
        account.new_keys.create(friendly_name="x" * 65)
    assert (caught.value.status, caught.value.code) == (400, 70001)
    assert account.keys.list() == []


def test_statement_26_a_key_without_a_name_has_none(account):
    assert account.new_keys.create().friendly_name is None


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_statement_27_the_sid_of_another_kind_is_invalid_and_not_missing(wire, acme, method):
    answer = wire(method, f"{ROOT}/{acme['sid']}/Keys/{acme['sid']}.json")
    assert (answer.status_code, answer.json()["code"]) == (400, 70002)


def test_statement_28_a_deleted_key_authenticates_no_more_and_is_gone(wire, account, acme):
    new_key = account.new_keys.create()
    key = new_key.sid, new_key.secret
    assert wire.events("GET", "/v1/Sinks", auth=key).status_code == 200
    assert account.keys(new_key.sid).delete() is True
    assert wire.events("GET", "/v1/Sinks", auth=key).status_code == 401
    again = wire("DELETE", f"{ROOT}/{acme['sid']}/Keys/{new_key.sid}.json")
    assert (again.status_code, again.json()["code"]) == (404, 20404)


def test_the_key_of_one_account_is_not_found_in_another(wire, account):
    """Twilio's documentation of API keys."""
    key = account.new_keys.create()
    other = wire.subaccount("Birch")["sid"]
    assert wire("GET", f"{ROOT}/{other}/Keys/{key.sid}.json").status_code == 404


def test_a_key_is_renamed(account):
    """Twilio's documentation of API keys."""
    key = account.new_keys.create(friendly_name="old")
    assert account.keys(key.sid).update(friendly_name="new").friendly_name == "new"
    assert account.keys(key.sid).fetch().friendly_name == "new"


def test_an_account_can_be_full_of_keys(wire, account):
    """Twilio's documentation of API keys; the number is a switch."""
    wire.fake_control("POST", "/behaviour", {"max_keys": 1})
    account.new_keys.create()
    with pytest.raises(TwilioRestException) as caught:
        account.new_keys.create()
    assert caught.value.code == 70151
