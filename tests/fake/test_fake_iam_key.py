"""Statements 23 to 25, 29 and 64: IAM v1 keys and policies."""

import pytest
from twilio.base.exceptions import TwilioRestException

ALLOW = ["/twilio/messaging/messages/read", "/twilio/voice/calls/create", "/twilio/iam/api-keys/list"]


@pytest.fixture
def make_restricted_key(wire, acme_client, acme):
    """A maker of restricted keys; answers their credentials."""

    def _make(*allow):
        record = acme_client.iam.v1.new_api_key.create(
            account_sid=acme["sid"], key_type="restricted", policy={"allow": list(allow)}
        )
        return record.sid, record.secret

    return _make


def test_statement_23_a_list_needs_the_account(wire, acme_auth):
    answer = wire.iam("GET", "/v1/Keys", auth=acme_auth)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_statement_23_a_list_shows_flags_and_one_key_shows_its_policy(wire, acme_auth, make_restricted_key):
    sid, _ = make_restricted_key(ALLOW[0])
    listed = wire.iam("GET", "/v1/Keys", params={"AccountSid": acme_auth[0]}, auth=acme_auth).json()["keys"][0]
    record = wire.iam("GET", f"/v1/Keys/{sid}", auth=acme_auth).json()
    assert listed["flags"] == ["rest_api"]
    assert "policy" not in listed
    assert record["policy"] == {"allow": [ALLOW[0]]}
    assert "flags" not in record


def test_a_standard_key_has_both_flags_and_no_policy(acme_client, acme):
    """Twilio's documentation of API keys."""
    record = acme_client.iam.v1.new_api_key.create(account_sid=acme["sid"], friendly_name="web")
    assert (record.policy, len(record.secret)) == (None, 32)
    assert acme_client.iam.v1.get_api_keys.list(account_sid=acme["sid"])[0].flags == ["rest_api", "signing"]
    assert acme_client.iam.v1.api_key(record.sid).fetch().policy is None


def test_statement_20_a_secret_is_shown_once_in_iam_too(acme_client, wire, acme_auth):
    record = acme_client.iam.v1.new_api_key.create(account_sid=acme_auth[0], friendly_name="web")
    item = f"/v1/Keys/{record.sid}"
    later = [
        wire.iam("GET", item, auth=acme_auth),
        wire.iam("POST", item, auth=acme_auth, data={"FriendlyName": "x"}),
        wire.iam("GET", "/v1/Keys", auth=acme_auth, params={"AccountSid": acme_auth[0]}),
    ]
    assert len(record.secret) == 32
    assert not [answer for answer in later if "secret" in answer.text or record.secret in answer.text]


def test_statement_24_a_restricted_key_needs_a_policy(wire, acme_auth):
    answer = wire.iam("POST", "/v1/Keys", data={"AccountSid": acme_auth[0], "KeyType": "restricted"}, auth=acme_auth)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "assertion",
    [
        "/twilio/messaging/messages/send",
        "/twilio/nonsense/messages/read",
        "/twilio/iam/accounts/create",
        "twilio/messaging/messages/read",
        "/2010-04-01/Accounts/{AccountSid}/Messages*",
        "/twilio/event-streams/sinks/read",
    ],
)
def test_statement_24_an_assertion_that_twilio_does_not_know_is_named(make_restricted_key, assertion):
    with pytest.raises(TwilioRestException) as caught:
        make_restricted_key(ALLOW[0], assertion)
    assert (caught.value.status, caught.value.code) == (400, 70002)
    assert f"assertion '{assertion}' is invalid" in caught.value.msg


@pytest.mark.parametrize("policy", ["junk", "[]", "{}", '{"allow":"x"}', '{"allow":["/x"],"deny":[]}', "null"])
def test_statement_24_a_policy_that_is_none_is_refused(wire, acme_auth, policy):
    data = {"AccountSid": acme_auth[0], "KeyType": "restricted", "Policy": policy}
    assert wire.iam("POST", "/v1/Keys", data=data, auth=acme_auth).json()["code"] == 70002


def test_a_policy_holds_a_hundred_permissions_at_most(make_restricted_key):
    """Twilio's documentation of API keys."""
    many = [f"/twilio/voice/resource-{number}/read" for number in range(101)]
    with pytest.raises(TwilioRestException) as caught:
        make_restricted_key(*many)
    assert caught.value.status == 400
    assert make_restricted_key(*many[:100])


def test_statement_25_an_updated_policy_replaces_the_old_one_without_order(acme_client, make_restricted_key):
    sid, _ = make_restricted_key(*ALLOW)
    assert acme_client.iam.v1.api_key(sid).fetch().policy["allow"] != ALLOW
    changed = acme_client.iam.v1.api_key(sid).update(policy={"allow": ALLOW[:2]})
    assert changed.policy["allow"] != ALLOW[:2]
    assert set(acme_client.iam.v1.api_key(sid).fetch().policy["allow"]) == set(ALLOW[:2])


def test_statement_29_reading_is_not_listing(wire, acme, make_restricted_key):
    key = make_restricted_key("/twilio/messaging/messages/read")
    answer = wire("GET", f"/2010-04-01/Accounts/{acme['sid']}/Messages.json", auth=key)
    assert (answer.status_code, answer.json()["code"]) == (401, 70051)
    wanted = "Authorization Error: required permission twilio/messaging/messages/list is missing"
    assert answer.json()["message"] == wanted


def test_statement_29_a_permission_opens_exactly_its_operation(wire, make_restricted_key):
    key = make_restricted_key("/twilio/event-streams/sink/list")
    assert wire.events("GET", "/v1/Sinks", auth=key).status_code == 200
    assert wire.sink(key).json()["code"] == 70051
    assert wire.events("GET", "/v1/Subscriptions", auth=key).json()["code"] == 70051


def test_what_no_permission_is_known_for_no_restricted_key_reaches(wire, acme, make_restricted_key):
    """Twilio's documentation of API keys: there is none that makes or changes an account, and none for triggers."""
    key = make_restricted_key("/twilio/iam/accounts/read", "/twilio/billing/usage/read")
    accounts = "/2010-04-01/Accounts"
    assert wire("GET", f"{accounts}/{acme['sid']}.json", auth=key).status_code == 200
    refused = [
        wire("POST", f"{accounts}.json", auth=key),
        wire("POST", f"{accounts}/{acme['sid']}.json", auth=key, data={"FriendlyName": "mine"}),
        wire("GET", f"{accounts}/{acme['sid']}/Usage/Triggers.json", auth=key),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(401, 20003)] * 3


def test_a_star_is_every_verb_of_one_resource(wire, make_restricted_key):
    """Twilio's documentation of API keys."""
    key = make_restricted_key("/twilio/event-streams/sink/*")
    sink = wire.sink(key)
    assert sink.status_code == 201
    assert wire.events("POST", f"/v1/Sinks/{sink.json()['sid']}/Test", auth=key).json()["code"] == 70051


def test_a_restricted_key_may_make_keys_if_it_was_told_so(wire, acme, make_restricted_key):
    """Twilio's documentation of API keys."""
    key = make_restricted_key("/twilio/iam/api-keys/create")
    assert wire("POST", f"/2010-04-01/Accounts/{acme['sid']}/Keys.json", auth=key).status_code == 201


def test_statement_64_iam_lists_by_last_change(acme_client, wire, acme):
    sids = [acme_client.iam.v1.new_api_key.create(account_sid=acme["sid"]).sid for _ in range(3)]
    wire.fake_control("POST", "/clock", {"advance_seconds": 60})
    acme_client.iam.v1.api_key(sids[0]).update(friendly_name="touched")
    listed = [key.sid for key in acme_client.iam.v1.get_api_keys.list(account_sid=acme["sid"])]
    assert listed == [sids[0], sids[2], sids[1]]


@pytest.mark.parametrize(("allowed", "status"), [(False, 401), (True, 201)])
def test_whether_a_parent_makes_a_childs_key_in_iam_is_a_switch(wire, acme, allowed, status):
    """Twilio does not document it: a switch of docs/fake.md decides."""
    wire.fake_control("POST", "/behaviour", {"parent_may_make_iam_keys_of_child": allowed})
    assert wire.iam("POST", "/v1/Keys", data={"AccountSid": acme["sid"]}).status_code == status


def test_a_key_type_other_than_restricted_is_refused(wire, acme_auth):
    """Twilio's documentation of API keys."""
    data = {"AccountSid": acme_auth[0], "KeyType": "main"}
    assert wire.iam("POST", "/v1/Keys", data=data, auth=acme_auth).status_code == 400
