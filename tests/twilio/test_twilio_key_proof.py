"""The proof of a key: 200 and error 70051 prove it, error 20003 says that it does not work, all else says neither."""

import pytest

from faketwilio.store.fault import fault_of
from faketwilio.store.records import ApiKey
from tenantry.model.api_key import ApiKeySpec
from tenantry.twilio.errors import TwilioError


@pytest.fixture
def prove(session):
    """Prove a key, with its own secret or another one."""

    def prove_key(key, secret=None):
        return session.key_proofs.prove(key.spec.account_sid, key.sid, secret or key.secret)

    return prove_key


@pytest.fixture
def make(session):
    """Make a key in a new account; without permissions it is a standard one."""

    def make_key(*policy):
        account = session.subaccounts.create("Acme (acme)").sid
        spec = ApiKeySpec(friendly_name="web#1", account_sid=account, policy=policy or None)
        return session.api_keys.create(account, spec)

    return make_key


def test_a_standard_key_works_by_one_call_that_reads_one_message(prove, make, witness):
    key = make()
    witness.clear()
    assert prove(key) is True
    [(method, host, path, status, _)] = witness.log()
    assert (method, host, status) == ("GET", "api.twilio.com", 200)
    assert path.startswith(f"/2010-04-01/Accounts/{key.spec.account_sid}/Messages.json")


def test_a_key_that_may_not_list_messages_works_too(prove, make):
    assert prove(make("/twilio/voice/calls/read")) is True


def test_a_key_that_was_deleted_does_not_work(prove, make, session):
    key = make()
    session.api_keys.delete(key.spec.account_sid, key.sid)
    assert prove(key) is False


def test_a_wrong_secret_does_not_work(prove, make):
    assert prove(make(), "wrong") is False


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "error", "status": 401, "code": 20005},
        {"mode": "error", "status": 404, "code": 20404},
        {"mode": "html", "status": 401},
    ],
)
def test_any_other_answer_says_neither(prove, make, fake, fault):
    key = make()
    fake.store.faults.append(fault_of({**fault, "path_contains": "Messages", "times": None}))
    with pytest.raises(TwilioError, match="Trying API key SK"):
        prove(key)


def test_no_failure_tells_the_secret(prove, make, fake):
    key = make()
    echo = {"mode": "error", "status": 400, "code": 20001, "message": "no", "times": None}
    fake.store.faults.append(fault_of({**echo, "path_contains": "Messages"}))
    with pytest.raises(TwilioError) as failed:
        prove(key)
    assert fake.store.table(ApiKey).get(key.sid).secret not in str(failed.value)
