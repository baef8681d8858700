"""An account follows the ledger, also where it changes while the account does."""

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from tenantry.operations.suspensions.account import Brought, bring_account
from tenantry.twilio.session import Session


@pytest.fixture
def fake():
    with FakeTwilio() as fake:
        yield fake


def test_a_reason_that_is_recorded_meanwhile_suspends_again(fake):
    order = {"create": "subaccount", "account": fake.account_sid, "fields": {"friendly_name": "Acme"}}
    sid = act(fake.store, order)["sid"]
    act(fake.store, {"set": sid, "fields": {"status": "suspended"}})
    environ = {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
    }
    answers = iter([False, True, True])
    brought = bring_account(Session.from_env(environ), sid, lambda: next(answers))
    assert brought == Brought("suspended", is_changed=True)
    assert fake.store.accounts[sid].status == "suspended"
