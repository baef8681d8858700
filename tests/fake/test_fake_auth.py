"""Statements 14 to 18: who may do what."""

import pytest

ROOT = "/2010-04-01/Accounts"


@pytest.mark.parametrize(
    "auth",
    [("AC" + "0" * 32, "x"), ("SK" + "0" * 32, "x"), ("", ""), ("junk", "junk")],
    ids=["AC", "SK", "empty", "junk"],
)
def test_statement_14_wrong_credentials_are_told_to_authenticate(wire, auth):
    answer = wire("GET", f"{ROOT}.json", auth=auth)
    assert answer.status_code == 401
    assert answer.json() == {
        "code": 20003,
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }


def test_statement_14_a_wrong_token_of_a_real_account_is_refused(wire, fake):
    assert wire("GET", f"{ROOT}.json", auth=(fake.account_sid, "0" * 32)).status_code == 401


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!!", "Basic QUM=", "Bearer abc", "Basic /////w=="])
def test_statement_14_a_broken_authorization_header_is_refused(wire, fake, header):
    headers = {"Host": "api.twilio.com", "Authorization": header}
    assert wire.session.get(f"{fake.url}{ROOT}.json", headers=headers, timeout=120).status_code == 401


@pytest.mark.parametrize(
    "path", ["{root}.json", "{root}/{sid}.json", "{root}/{sid}/Keys.json", "{root}/{sid}/SigningKeys.json"]
)
def test_statement_15_a_standard_key_does_not_reach_accounts_and_keys(wire, acme, path):
    answer = wire("GET", path.format(root=ROOT, sid=acme["sid"]), auth=wire.key(acme["sid"]))
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_statement_15_a_standard_key_does_not_reach_iam_keys(wire, acme):
    answer = wire.iam("GET", "/v1/Keys", params={"AccountSid": acme["sid"]}, auth=wire.key(acme["sid"]))
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_statement_15_a_standard_key_reaches_the_rest_of_its_account(wire, acme):
    key = wire.key(acme["sid"])
    assert wire("GET", f"{ROOT}/{acme['sid']}/Usage/Triggers.json", auth=key).status_code == 200
    assert wire.events("GET", "/v1/Sinks", auth=key).status_code == 200


def test_statement_16_the_parent_acts_in_its_subaccount_on_v2010(parent, acme):
    new_key = parent.api.v2010.accounts(acme["sid"]).new_keys.create(friendly_name="web")
    assert [key.sid for key in parent.api.v2010.accounts(acme["sid"]).keys.list()] == [new_key.sid]


def test_statement_17_a_main_key_of_the_parent_stays_out_of_subaccounts(wire, fake, acme):
    key = wire.key(fake.account_sid, kind="main")
    assert wire("GET", f"{ROOT}/{acme['sid']}.json", auth=key).status_code == 200
    assert wire("GET", f"{ROOT}/{acme['sid']}/Usage/Triggers.json", auth=key).status_code == 401
    assert wire("GET", f"{ROOT}/{fake.account_sid}/Usage/Triggers.json", auth=key).status_code == 200


def test_statement_18_parent_credentials_on_a_product_host_act_on_the_parent(wire, acme_auth):
    childs = wire.sink(acme_auth).json()["sid"]
    assert wire.events("GET", "/v1/Sinks").json()["sinks"] == []
    assert wire.events("GET", f"/v1/Sinks/{childs}").status_code == 404
    parents = wire.sink(None).json()["sid"]
    assert [sink["sid"] for sink in wire.events("GET", "/v1/Sinks", auth=acme_auth).json()["sinks"]] == [childs]
    assert parents != childs


def test_a_subaccount_does_not_reach_its_parent_or_a_sibling(wire, fake, acme_auth):
    """Twilio's documentation of credentials."""
    sibling = wire.subaccount("Birch")["sid"]
    for account_sid in (fake.account_sid, sibling):
        answer = wire("GET", f"{ROOT}/{account_sid}/Keys.json", auth=acme_auth)
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)
