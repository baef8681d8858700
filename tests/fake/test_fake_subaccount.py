"""Statements 1 to 13: accounts."""

import re

import pytest
from twilio.base.exceptions import TwilioRestException

from faketwilio.control.console import act

ROOT = "/2010-04-01/Accounts"
DAY = 86_400


def test_statement_01_an_account_without_a_name_gets_a_generated_one(parent, fake):
    subaccount = parent.api.v2010.accounts.create()
    assert re.fullmatch(r"SubAccount Created at \d{4}-\d\d-\d\d \d\d:\d\d [ap]m", subaccount.friendly_name)
    assert (subaccount.status, subaccount.owner_account_sid, subaccount.type) == ("active", fake.account_sid, "Full")
    assert re.fullmatch("[0-9a-f]{32}", subaccount.auth_token)
    assert re.fullmatch("AC[0-9a-f]{32}", subaccount.sid)


def test_an_account_has_twenty_subresources_and_a_date_the_sdk_reads(parent):
    """Twilio's documentation of accounts."""
    subaccount = parent.api.v2010.accounts.create(friendly_name="x")
    assert len(subaccount.subresource_uris) == 20
    assert subaccount.subresource_uris["short_codes"] == f"{ROOT}/{subaccount.sid}/SMS/ShortCodes.json"
    assert subaccount.date_created is not None


def test_statement_02_the_same_name_twice_makes_two_accounts(parent):
    first, second = (parent.api.v2010.accounts.create(friendly_name="Acme") for _ in range(2))
    assert first.sid != second.sid


@pytest.mark.parametrize(("name", "found"), [("Acme", 1), ("acme", 0), ("Acm", 0)])
def test_statement_03_the_name_filter_is_exact(parent, name, found):
    parent.api.v2010.accounts.create(friendly_name="Acme")
    assert len(parent.api.v2010.accounts.list(friendly_name=name)) == found


@pytest.mark.parametrize(("name", "found"), [("acme", 1), ("ACME", 1), ("acm", 0)])
def test_statement_03_whether_case_counts_is_a_switch(parent, wire, name, found):
    """Twilio does not document it: a switch of docs/fake.md decides."""
    wire.fake_control("POST", "/behaviour", {"name_filter_ignores_case": True})
    parent.api.v2010.accounts.create(friendly_name="Acme")
    assert len(parent.api.v2010.accounts.list(friendly_name=name)) == found


def test_the_status_filter_takes_one_status(parent, acme):
    """Twilio's documentation of accounts."""
    parent.api.v2010.accounts(acme["sid"]).update(status="suspended")
    assert [account.sid for account in parent.api.v2010.accounts.list(status="suspended")] == [acme["sid"]]


def test_statement_04_the_list_holds_the_parent_which_owns_itself(parent, fake, acme):
    listed = parent.api.v2010.accounts.list()
    assert [account.sid for account in listed] == [acme["sid"], fake.account_sid]
    assert listed[1].owner_account_sid == listed[1].sid


def test_a_subaccount_lists_only_itself(acme_client, acme):
    """Twilio's documentation of accounts."""
    assert [account.sid for account in acme_client.api.v2010.accounts.list()] == [acme["sid"]]


def test_statement_05_an_api_key_sees_no_auth_token(wire, fake, sdk, acme):
    client = sdk(*wire.key(fake.account_sid, kind="main"))
    assert {account.auth_token for account in client.api.v2010.accounts.list()} == {""}
    assert client.api.v2010.accounts(acme["sid"]).fetch().auth_token == ""
    assert client.api.v2010.accounts.create(friendly_name="x").auth_token == ""


def test_statement_05_the_auth_token_sees_auth_tokens(parent, acme):
    assert parent.api.v2010.accounts(acme["sid"]).fetch().auth_token == acme["auth_token"]


def test_statement_06_a_subaccount_makes_no_subaccount(acme_client):
    with pytest.raises(TwilioRestException) as caught:
        acme_client.api.v2010.accounts.create(friendly_name="x")
    assert (caught.value.status, caught.value.code) == (400, 21101)


def test_statement_07_an_account_can_not_be_deleted(wire, acme):
    answer = wire("DELETE", f"{ROOT}/{acme['sid']}.json")
    assert (answer.status_code, answer.json()["code"]) == (405, 20004)


def test_statement_08_an_account_is_suspended_and_activated(parent, acme):
    account = parent.api.v2010.accounts(acme["sid"])
    assert account.update(status="suspended").status == "suspended"
    assert account.update(status="active").status == "active"


@pytest.mark.parametrize("status", ["active", "suspended", "closed"])
def test_statement_08_a_closed_account_never_opens(parent, acme, status):
    parent.api.v2010.accounts(acme["sid"]).update(status="closed")
    with pytest.raises(TwilioRestException) as caught:
        parent.api.v2010.accounts(acme["sid"]).update(status=status)
    assert caught.value.code == 21479


def test_statement_08_a_parent_has_no_status_to_set(parent, fake):
    with pytest.raises(TwilioRestException) as caught:
        parent.api.v2010.accounts(fake.account_sid).update(status="suspended")
    assert caught.value.code == 21477


@pytest.mark.parametrize("status", ["junk", "", "Active", "1"])
def test_statement_08_a_status_that_is_none_changes_nothing(parent, acme, status):
    with pytest.raises(TwilioRestException) as caught:
        parent.api.v2010.accounts(acme["sid"]).update(status=status, friendly_name="other")
    assert caught.value.code == 21475
    assert parent.api.v2010.accounts(acme["sid"]).fetch().friendly_name == acme["friendly_name"]


def test_only_twilio_activates_what_twilio_suspended(parent, wire, acme):
    """Twilio's documentation of accounts."""
    fields = {"status": "suspended", "suspended_by_twilio": True}
    wire.fake_control("POST", "/console", {"set": acme["sid"], "fields": fields})
    with pytest.raises(TwilioRestException) as caught:
        parent.api.v2010.accounts(acme["sid"]).update(status="active")
    assert caught.value.code == 21478


def test_statement_09_a_closed_account_stays_listed_for_thirty_days(parent, wire, acme):
    parent.api.v2010.accounts(acme["sid"]).update(status="closed")
    wire.fake_control("POST", "/clock", {"advance_seconds": 30 * DAY - 60})
    assert [item.sid for item in parent.api.v2010.accounts.list(status="closed")] == [acme["sid"]]
    wire.fake_control("POST", "/clock", {"advance_seconds": 60})
    assert parent.api.v2010.accounts.list(status="closed") == []
    assert wire("GET", f"{ROOT}/{acme['sid']}.json").status_code == 404


def test_statement_10_there_is_a_most_of_subaccounts(parent, wire):
    wire.fake_control("POST", "/behaviour", {"max_subaccounts": 2})
    for _ in range(2):
        parent.api.v2010.accounts.create(friendly_name="x")
    with pytest.raises(TwilioRestException) as caught:
        parent.api.v2010.accounts.create(friendly_name="x")
    assert caught.value.code == 21480


def test_statement_10_the_thousand_and_first_subaccount_is_one_too_many(parent, fake):
    for number in range(1000):
        act(fake.store, {"create": "subaccount", "account": fake.account_sid, "fields": {"friendly_name": f"{number}"}})
    with pytest.raises(TwilioRestException) as caught:
        parent.api.v2010.accounts.create(friendly_name="x")
    assert caught.value.code == 21480


def test_a_trial_has_one_subaccount(parent, wire, fake, acme):
    """Twilio's documentation of accounts."""
    wire.fake_control("POST", "/console", {"set": fake.account_sid, "fields": {"type": "Trial"}})
    with pytest.raises(TwilioRestException) as caught:
        parent.api.v2010.accounts.create(friendly_name="x")
    assert caught.value.code == 21480


def test_statement_11_a_suspended_subaccount_is_refused_and_its_parent_is_not(parent, acme_client, acme):
    parent.api.v2010.accounts(acme["sid"]).update(status="suspended")
    with pytest.raises(TwilioRestException) as caught:
        acme_client.api.v2010.accounts(acme["sid"]).fetch()
    assert (caught.value.status, caught.value.code) == (401, 20003)
    assert parent.api.v2010.accounts(acme["sid"]).fetch().status == "suspended"
    parent.api.v2010.accounts(acme["sid"]).update(status="active")
    assert acme_client.api.v2010.accounts(acme["sid"]).fetch().status == "active"


def test_statement_11_how_a_suspended_subaccount_is_refused_is_a_switch(parent, wire, acme_auth, acme):
    wire.fake_control("POST", "/behaviour", {"suspended_credentials": 403, "suspended_credentials_code": 20005})
    parent.api.v2010.accounts(acme["sid"]).update(status="suspended")
    answer = wire.events("GET", "/v1/Sinks", auth=acme_auth)
    assert (answer.status_code, answer.json()["code"]) == (403, 20005)


@pytest.mark.parametrize(
    ("switch", "reach", "status", "method", "wanted"),
    [
        ("parent_in_suspended_account", "reads-and-deletes", "suspended", "GET", 200),
        ("parent_in_suspended_account", "reads-and-deletes", "suspended", "POST", 401),
        ("parent_in_suspended_account", "everything", "suspended", "POST", 201),
        ("parent_in_closed_account", "reads", "closed", "GET", 200),
        ("parent_in_closed_account", "reads", "closed", "POST", 401),
        ("parent_in_closed_account", "nothing", "closed", "GET", 401),
    ],
)
def test_the_parents_reach_into_an_inactive_account_is_a_switch(
    parent, wire, acme, switch, reach, status, method, wanted
):
    """Twilio does not document it: a switch of docs/fake.md decides."""
    wire.fake_control("POST", "/behaviour", {switch: reach})
    parent.api.v2010.accounts(acme["sid"]).update(status=status)
    assert wire(method, f"{ROOT}/{acme['sid']}/Keys.json").status_code == wanted


def test_statement_12_a_suspended_parent_blocks_its_children(parent, wire, fake, acme, acme_auth):
    wire.fake_control("POST", "/console", {"set": fake.account_sid, "fields": {"status": "suspended"}})
    assert wire.events("GET", "/v1/Sinks", auth=acme_auth).status_code == 401
    assert wire.events("GET", "/v1/Sinks").status_code == 401
    with pytest.raises(TwilioRestException) as caught:
        parent.api.v2010.accounts(acme["sid"]).update(status="suspended")
    assert caught.value.code == 21476


@pytest.mark.parametrize("rest", [".json", "/Keys.json", "/Usage/Triggers.json"])
def test_statement_13_a_missing_account_is_not_found_with_its_path(wire, rest):
    path = f"{ROOT}/AC{'0' * 32}{rest}"
    answer = wire("GET", path)
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)
    assert answer.json()["message"] == f"The requested resource {path} was not found"


def test_a_name_of_65_characters_makes_no_account(parent):
    """Twilio's documentation of accounts: 64 at most."""
    with pytest.raises(TwilioRestException) as caught:
        parent.api.v2010.accounts.create(friendly_name="x" * 65)
    assert caught.value.status == 400
    assert len(parent.api.v2010.accounts.list()) == 1


def test_a_subaccount_does_not_set_its_own_status(acme_client, acme):
    """Twilio's documentation of accounts: that needs the parent's credentials."""
    with pytest.raises(TwilioRestException) as caught:
        acme_client.api.v2010.accounts(acme["sid"]).update(status="closed")
    assert caught.value.code == 20003
