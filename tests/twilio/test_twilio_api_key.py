"""API keys on the wire."""

import pytest

from faketwilio.server import FakeTwilio
from tenantry.model.api_key import ApiKeySpec
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import NotFound, Refused
from tenantry.twilio.live import Live
from tenantry.twilio.session import Session

READ, SEND = "/twilio/messaging/messages/read", "/twilio/messaging/messages/create"
WEB = ApiKeySpec(friendly_name="web#1")
SENDER = ApiKeySpec(friendly_name="sender#1", policy=(SEND, READ))


def test_the_secret_is_in_the_answer_to_create_only(session: Session, acme: LiveAccount):
    key = session.api_keys.create(acme.sid, WEB)
    found = session.api_keys.fetch(acme.sid, key.sid)
    assert (len(key.secret or ""), found.secret, (key.secret or "?") in repr(key)) == (32, None, False)


def test_a_standard_key_reads_back_as_it_was_wanted(session: Session, acme: LiveAccount):
    key = session.api_keys.create(acme.sid, WEB)
    wanted = WEB.model_copy(update={"account_sid": acme.sid})
    assert session.api_keys.list(acme.sid) == (Live(key.sid, wanted, key.created),)
    assert key.created is not None


def test_a_restricted_key_reads_back_with_its_policy_as_a_sorted_set(session: Session, acme: LiveAccount):
    key = session.api_keys.create(acme.sid, SENDER)
    assert key.secret
    assert session.api_keys.fetch(acme.sid, key.sid, restricted=True).spec.policy == (SEND, READ)


def test_listing_costs_one_call_and_shows_restricted_keys_without_policy(session: Session, acme: LiveAccount, witness):
    sids = {session.api_keys.create(acme.sid, spec).sid for spec in (WEB, SENDER)}
    witness.clear()
    keys = session.api_keys.list(acme.sid)
    assert ({key.sid for key in keys}, {key.spec.policy for key in keys}) == (sids, {None})
    assert witness.counts() == {"GET /2010-04-01/Accounts/{Sid}/Keys.json": 1}


def test_the_policy_of_a_standard_key_is_none(session: Session, acme: LiveAccount):
    key = session.api_keys.create(acme.sid, WEB)
    assert session.api_keys.fetch(acme.sid, key.sid, restricted=True).spec.policy is None


def test_update_replaces_the_policy_whole(session: Session, acme: LiveAccount):
    key = session.api_keys.create(acme.sid, SENDER)
    session.api_keys.update(acme.sid, key.sid, ApiKeySpec(friendly_name="reader#1", policy=(READ,)))
    found = session.api_keys.fetch(acme.sid, key.sid, restricted=True).spec
    assert (found.friendly_name, found.policy) == ("reader#1", (READ,))


def test_update_renames_a_standard_key(session: Session, acme: LiveAccount):
    key = session.api_keys.create(acme.sid, WEB)
    renamed = session.api_keys.update(acme.sid, key.sid, ApiKeySpec(friendly_name="web#2"))
    assert renamed.spec.friendly_name == "web#2"


@pytest.mark.parametrize("spec", [WEB, SENDER])
def test_delete_takes_either_type_and_is_not_found_the_second_time(session: Session, acme: LiveAccount, spec):
    key = session.api_keys.create(acme.sid, spec)
    session.api_keys.delete(acme.sid, key.sid)
    with pytest.raises(NotFound, match=f"Deleting API key {key.sid} in account {acme.sid}"):
        session.api_keys.delete(acme.sid, key.sid)


def test_a_key_of_a_suspended_account_can_still_be_deleted(session: Session, acme: LiveAccount):
    key = session.api_keys.create(acme.sid, SENDER)
    session.subaccounts.update(acme.sid, status="suspended")
    session.api_keys.delete(acme.sid, key.sid)
    assert session.api_keys.list(acme.sid) == ()


def test_a_permission_that_twilio_does_not_know_is_refused_in_its_words(
    session: Session, fake: FakeTwilio, acme: LiveAccount
):
    fake.store.behaviour = fake.store.behaviour.with_values({"permission_products": ["messaging"]})
    spec = ApiKeySpec(friendly_name="x#1", policy=("/twilio/nonsense/things/read",))
    with pytest.raises(Refused, match=r"Creating API key 'x#1' .* error 70002 .*nonsense"):
        session.api_keys.create(acme.sid, spec)
