"""The accounts that were seen."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from tenantry.twilio.account_directory import AccountDirectory, LiveAccount
from tenantry.twilio.errors import Unauthorized
from tenantry.twilio.http.retry_policy import RetryPolicy
from tenantry.twilio.session import Session

LIST = "GET /2010-04-01/Accounts.json"
FETCH = "GET /2010-04-01/Accounts/{Sid}.json"


def _account(sid: str, status: str = "active") -> LiveAccount:
    return LiveAccount(sid, sid, status, "ACparent", "t")


def test_many_threads_load_the_list_once(environ, retry_policy: RetryPolicy, acme, witness):
    directory = Session.from_env(environ, retry_policy=retry_policy).accounts
    with ThreadPoolExecutor(16) as threads:
        found = set(threads.map(directory.get, [acme.sid] * 64))
    assert (found, witness.counts()) == ({acme}, {LIST: 1})


def test_an_account_that_was_made_meanwhile_is_fetched(session: Session, fake: FakeTwilio, acme, witness):
    created = act(fake.store, {"create": "subaccount", "account": fake.account_sid, "fields": {}})
    assert session.accounts.get(created["sid"]) is not None
    assert witness.counts() == {FETCH: 1}


def test_an_account_that_twilio_does_not_have_is_none(session: Session):
    assert session.accounts.get("AC" + "0" * 32) is None


def test_refresh_sees_what_the_console_did(session: Session, fake: FakeTwilio, acme: LiveAccount):
    act(fake.store, {"set": acme.sid, "fields": {"status": "suspended"}})
    known, refreshed = session.accounts.get(acme.sid), session.accounts.refresh(acme.sid)
    assert (known and known.status, refreshed and refreshed.status) == ("active", "suspended")


def test_refresh_forgets_an_account_that_is_gone(session: Session, fake: FakeTwilio, acme: LiveAccount):
    act(fake.store, {"delete": acme.sid})
    assert (session.accounts.refresh(acme.sid), session.accounts.all()) == (None, ())


def test_what_a_gateway_learns_is_known_without_a_call(session: Session, acme: LiveAccount, witness):
    session.subaccounts.update(acme.sid, status="suspended")
    known = session.accounts.get(acme.sid)
    assert (known and known.status, witness.counts()) == ("suspended", {"POST /2010-04-01/Accounts/{Sid}.json": 1})


def test_the_parent_is_known_but_not_among_the_subaccounts(session: Session, fake: FakeTwilio, acme: LiveAccount):
    parent = session.accounts.get(fake.account_sid)
    assert (parent and parent.is_parent, session.accounts.all()) == (True, (acme,))


def test_a_list_on_its_way_does_not_undo_what_a_write_told(acme: LiveAccount):
    def _load() -> tuple[LiveAccount, ...]:
        directory.remember(_account("AC1", "suspended"))
        return (_account("AC1", "active"),)

    directory = AccountDirectory(load=_load, fetch=_account)
    directory.reload()
    assert directory.get("AC1") == _account("AC1", "suspended")


def test_a_list_that_was_refused_is_not_asked_for_again(environ, retry_policy: RetryPolicy, witness):
    directory = Session.from_env({**environ, "TWILIO_AUTH_TOKEN": "0" * 32}, retry_policy=retry_policy).accounts
    for _ in range(3):
        with pytest.raises(Unauthorized):
            directory.get("AC" + "0" * 32)
    assert witness.counts() == {LIST: 1}
