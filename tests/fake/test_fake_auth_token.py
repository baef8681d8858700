"""accounts.twilio.com: statement 19."""

import pytest
from twilio.base.exceptions import TwilioRestException

ROOT = "/2010-04-01/Accounts"
SECONDARY, PROMOTE = "/v1/AuthTokens/Secondary", "/v1/AuthTokens/Promote"


@pytest.fixture
def tokens(wire, acme_auth):
    def _tokens(method, path, auth=acme_auth, **more):
        return wire(method, path, host="accounts.twilio.com", auth=auth, **more)

    return _tokens


@pytest.fixture
def works(wire, acme):
    def _works(token):
        return wire("GET", f"{ROOT}/{acme['sid']}.json", auth=(acme["sid"], token)).status_code == 200

    return _works


def test_statement_19_a_secondary_token_authenticates_at_once_beside_the_primary(acme_client, works, acme):
    record = acme_client.accounts.v1.secondary_auth_token().create()
    assert (record.account_sid, len(record.secondary_auth_token)) == (acme["sid"], 32)
    assert works(record.secondary_auth_token)
    assert works(acme["auth_token"])


def test_statement_19_promote_kills_the_old_primary(acme_client, works, acme, parent):
    secondary = acme_client.accounts.v1.secondary_auth_token().create().secondary_auth_token
    promoted = acme_client.accounts.v1.auth_token_promotion().update()
    assert promoted.auth_token == secondary
    assert works(secondary)
    assert not works(acme["auth_token"])
    assert parent.api.v2010.accounts(acme["sid"]).fetch().auth_token == secondary


def test_statement_19_a_deleted_secondary_token_is_dead(tokens, works, acme):
    secondary = tokens("POST", SECONDARY).json()["secondary_auth_token"]
    assert tokens("DELETE", SECONDARY).status_code == 204
    assert not works(secondary)
    assert works(acme["auth_token"])


def test_statement_19_a_secondary_token_can_promote_itself(sdk, acme_client, acme):
    secondary = acme_client.accounts.v1.secondary_auth_token().create().secondary_auth_token
    promoted = sdk(acme["sid"], secondary).accounts.v1.auth_token_promotion().update()
    assert promoted.auth_token == secondary


def test_dates_are_iso_and_the_url_is_its_own(tokens, acme):
    body = tokens("POST", SECONDARY).json()
    assert body == {
        "account_sid": acme["sid"],
        "date_created": "2027-01-15T12:00:00Z",
        "date_updated": "2027-01-15T12:00:00Z",
        "secondary_auth_token": body["secondary_auth_token"],
        "url": f"https://accounts.twilio.com{SECONDARY}",
    }


def test_a_path_names_no_account_so_the_parent_rotates_its_own(wire, tokens, fake, acme, works):
    """Twilio's documentation of auth tokens, statement 18 on this host."""
    parent = (fake.account_sid, fake.auth_token)
    assert tokens("POST", SECONDARY, auth=parent).json()["account_sid"] == fake.account_sid
    assert tokens("POST", PROMOTE, auth=parent).json()["account_sid"] == fake.account_sid
    assert works(acme["auth_token"])


@pytest.mark.parametrize(("method", "path"), [("DELETE", SECONDARY), ("POST", PROMOTE)])
def test_without_a_secondary_token_there_is_none(tokens, method, path):
    answer = tokens(method, path)
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


@pytest.mark.parametrize(("switch", "status"), [("refuse", 400), ("replace", 201)])
def test_what_a_second_secondary_token_does_is_a_switch(wire, tokens, works, switch, status):
    """Twilio does not document it: a switch of docs/fake.md decides."""
    wire.fake_control("POST", "/behaviour", {"second_secondary_token": switch})
    first = tokens("POST", SECONDARY).json()["secondary_auth_token"]
    assert tokens("POST", SECONDARY).status_code == status
    assert works(first) is (switch == "refuse")


@pytest.mark.parametrize("survive", [True, False])
def test_whether_keys_survive_a_promotion_is_a_switch(wire, tokens, acme, survive):
    """Twilio does not document it: a switch of docs/fake.md decides."""
    wire.fake_control("POST", "/behaviour", {"api_keys_survive_promotion": survive})
    key = wire.key(acme["sid"])
    tokens("POST", SECONDARY)
    tokens("POST", PROMOTE)
    status = wire("GET", f"{ROOT}/{acme['sid']}/Usage/Triggers.json", auth=key).status_code
    assert status == (200 if survive else 401)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_whether_an_email_is_sent_can_be_said(acme_client, method):
    secondary = acme_client.accounts.v1.secondary_auth_token()
    secondary.create(suppress_email_notification=True)
    if method == "DELETE":
        assert secondary.delete(suppress_email_notification=True) is True
    else:
        assert acme_client.accounts.v1.auth_token_promotion().update(suppress_email_notification=False).auth_token


def test_an_email_that_is_neither_sent_nor_not_is_refused(tokens):
    assert tokens("POST", SECONDARY, data={"SuppressEmailNotification": "maybe"}).json()["code"] == 20001


def test_a_standard_key_rotates_nothing(wire, sdk, acme):
    with pytest.raises(TwilioRestException) as caught:
        sdk(*wire.key(acme["sid"])).accounts.v1.secondary_auth_token().create()
    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_no_token_is_in_the_state(wire, tokens):
    secondary = tokens("POST", SECONDARY).json()["secondary_auth_token"]
    assert secondary not in wire.fake_control("GET", "/state").text
