"""An account follows the ledger, also where the ledger changes meanwhile, or Twilio answers nothing."""

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from faketwilio.store.fault import Fault
from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.suspensions import open_suspensions
from tenantry.ledger.values import StackRef
from tenantry.manifest.load import load_or_refuse
from tenantry.operations.suspensions.account import Brought, bring_account
from tenantry.operations.suspensions.actions import Asked, Desk, suspend_tenant
from tenantry.twilio.session import Session


@pytest.fixture
def fake():
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def sid(fake):
    order = {"create": "subaccount", "account": fake.account_sid, "fields": {"friendly_name": "Renamed by hand"}}
    return act(fake.store, order)["sid"]


@pytest.fixture
def session(fake):
    environ = {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
    }
    return Session.from_env(environ)


def test_a_reason_that_is_recorded_meanwhile_suspends_again(fake, sid, session):
    act(fake.store, {"set": sid, "fields": {"status": "suspended"}})
    answers = iter([False, True, True])
    assert bring_account(session, sid, lambda: next(answers)) == Brought("suspended", is_changed=True)
    assert fake.store.accounts.get(sid).status == "suspended"


def test_a_reason_is_recorded_though_twilio_answers_nothing(fake, sid, session, tmp_path):
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants" / "acme.yaml").write_text("tenant: acme\nname: Acme\n")
    make_ledger(address := SqliteAddress(tmp_path / "ledger.db"))
    fake.store.faults.append(Fault("error", status=400, code=20001, times=None))
    state = (StateResource("urn:acme", "", "subaccount", "acme", sid, {}, {}),)
    with open_ledger(address) as ledger:
        desk = Desk(ledger, StackRef(fake.account_sid), load_or_refuse(tmp_path), state, session, "ana")
        outcome = suspend_tenant(desk, Asked("acme", "fraud", "T-9"))
        held = open_suspensions(ledger, fake.account_sid, "acme")
    assert (outcome.status, outcome.is_new, outcome.account_sid) == (None, True, sid)
    assert outcome.problem is not None
    assert [(row.reason, row.account_sid) for row in held] == [("fraud", sid)]
