"""Adopt or create for API keys: a key in use is taken over, and never deleted or replaced by mistake."""

import pytest
from provider_plugin import failure
from provider_samples import CHILDREN, KEY, RESTRICTED

KEYS = [name for name, (kind, _) in CHILDREN.items() if kind == "api_key"]
OTHER_POLICY = ["/twilio/voice/calls/create"]


class TestKeys:
    """A key's secret is told once, so one of our name that is there already may be in use."""

    @pytest.fixture(params=KEYS)
    def key(self, request, inputs):
        return inputs(request.param)[1]

    def test_an_older_key_is_taken_over_without_a_secret_and_never_deleted(self, operation, first, twilio, key):
        old = first.up("api_key", key)
        twilio.later(minutes=61)
        twilio.forget()
        taken = operation().up("api_key", key)
        assert taken.id == old.id
        assert "secret" not in taken.outputs
        assert twilio.writes() == []
        assert operation().refresh(taken).outputs == taken.outputs

    def test_the_newest_of_several_older_keys_is_taken_and_the_others_stay(self, operation, first, twilio, key):
        account = key["account_sid"]
        older = first.up("api_key", key)
        record = twilio.one("api_key", account)
        newer = twilio.put(
            "api_key", account, **{field: record[field] for field in ("friendly_name", "kind", "policy")}
        )
        twilio.console(older.id, date_created="2026-01-01T00:00:00+00:00")
        twilio.later(minutes=61)
        assert operation().up("api_key", key).id == newer
        assert sorted(twilio.sids("api_key", account)) == sorted([older.id, newer])

    def test_a_generation_is_not_taken_for_another(self, operation, first, twilio, key):
        first.up("api_key", key)
        other = {**key, "friendly_name": key["friendly_name"].replace("#1", "#2")}
        operation().up("api_key", other)
        assert len(twilio.sids("api_key", key["account_sid"])) == 2


def test_a_key_of_the_other_type_is_not_taken_whatever_its_age(operation, first, twilio, account):
    restricted = first.up("api_key", {**RESTRICTED, "account_sid": account})
    standard = {"friendly_name": RESTRICTED["friendly_name"], "account_sid": account}
    twilio.later(minutes=61)
    resource = operation().up("api_key", standard)
    assert resource.id != restricted.id
    assert sorted(twilio.sids("api_key", account)) == sorted([resource.id, restricted.id])


def test_a_key_that_is_taken_over_gets_the_policy_of_the_manifest(operation, first, twilio, account):
    old = first.up("api_key", {**RESTRICTED, "account_sid": account})
    twilio.later(minutes=61)
    taken = operation().up("api_key", {**RESTRICTED, "policy": OTHER_POLICY, "account_sid": account})
    assert (taken.id, twilio.one("api_key", account)["policy"]) == (old.id, OTHER_POLICY)


def test_a_changed_policy_keeps_key_and_secret(operation, first, twilio, account):
    resource = first.up("api_key", {**RESTRICTED, "account_sid": account})
    changed = operation().up("api_key", {**RESTRICTED, "policy": OTHER_POLICY, "account_sid": account}, resource)
    assert (changed.did, changed.id, changed.outputs["secret"]) == ("update", resource.id, resource.outputs["secret"])
    assert twilio.one("api_key", account)["policy"] == OTHER_POLICY


def test_a_key_that_becomes_restricted_is_replaced(operation, first, twilio, account):
    resource = first.up("api_key", {**KEY, "account_sid": account})
    replaced = operation().up("api_key", {**KEY, "policy": OTHER_POLICY, "account_sid": account}, resource)
    assert replaced.did == "replace"
    assert twilio.one("api_key", account)["kind"] == "restricted"
    assert twilio.sids("api_key", account) == [replaced.id]
    assert replaced.outputs["secret"] != resource.outputs["secret"]


def test_a_permission_that_twilio_does_not_know_is_told_in_its_words(operation, account):
    message = failure(
        operation().up, "api_key", {**KEY, "policy": ["/twilio/iam/nothing/read"], "account_sid": account}
    )
    assert f"Creating API key 'web#1' in account {account}: Twilio answered 400, error 70002" in message
    assert "Correct the manifest and run again" in message
