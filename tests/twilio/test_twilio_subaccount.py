"""Subaccounts on the wire."""

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import NotFound, Refused
from tenantry.twilio.session import Session


def _made_in_console(fake: FakeTwilio, count: int, **fields: str) -> set[str]:
    order = {"create": "subaccount", "account": fake.account_sid, "fields": fields}
    return {act(fake.store, order)["sid"] for _ in range(count)}


def test_a_new_subaccount_is_active_owned_by_the_parent_with_its_token(session: Session, fake: FakeTwilio):
    account = session.subaccounts.create("Acme (acme)")
    resource = fake.store.accounts.get(account.sid)
    created = resource.date_created.replace(microsecond=0)
    assert account == LiveAccount(account.sid, "Acme (acme)", "active", fake.account_sid, resource.auth_token, created)


def test_all_leaves_out_the_parent_and_keeps_the_closed(session: Session):
    account = session.subaccounts.create("Acme (acme)")
    closed = session.subaccounts.update(account.sid, status="closed")
    assert session.subaccounts.all() == (closed,)


def test_all_follows_pages_of_a_thousand(session: Session, fake: FakeTwilio, witness):
    sids = _made_in_console(fake, 2003)
    found = session.subaccounts.all()
    assert (len(found), {account.sid for account in found}) == (2003, sids)
    assert witness.counts() == {"GET /2010-04-01/Accounts.json": 3}


def test_named_finds_exactly_that_name(session: Session, fake: FakeTwilio):
    sids = _made_in_console(fake, 2, friendly_name="Acme")
    _made_in_console(fake, 1, friendly_name="Acme Dental")
    assert {account.sid for account in session.subaccounts.find_named("Acme")} == sids


def test_fetch_of_an_unknown_account_is_not_found(session: Session):
    with pytest.raises(NotFound, match=r"Reading account AC0{32}: Twilio answered 404, error 20404"):
        session.subaccounts.fetch("AC" + "0" * 32)


def test_update_sends_only_what_is_given(session: Session, acme: LiveAccount):
    renamed = session.subaccounts.update(acme.sid, friendly_name="Acme Dental (acme)")
    suspended = session.subaccounts.update(acme.sid, status="suspended")
    assert (renamed.status, suspended.friendly_name) == ("active", "Acme Dental (acme)")


def test_opening_a_closed_account_tells_that_it_stays_closed(session: Session, acme: LiveAccount):
    session.subaccounts.update(acme.sid, status="closed")
    with pytest.raises(Refused, match=r"status 'active'.*error 21479 .*A closed account stays closed"):
        session.subaccounts.update(acme.sid, status="active")


def test_a_parent_that_a_list_contains_costs_no_call(session: Session, witness):
    session.subaccounts.all()
    witness.clear()
    parent = session.accounts.get(session.parent_sid)
    assert parent is not None
    assert (parent.is_parent, parent.status, witness.log()) == (True, "active", [])
    assert session.accounts.all() == ()
