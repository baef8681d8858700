"""Tenants that a plan leaves out because somebody suspended their account; beside a fake Twilio, without an engine."""

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from tenantry.engine.events.event import ResourcePre
from tenantry.engine.events.plan import plan_of
from tenantry.engine.events.urn import COMPONENT
from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import Project
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.suspensions import NewSuspension, add_suspension
from tenantry.ledger.values import StackRef
from tenantry.manifest.load import load
from tenantry.model.kinds import KINDS
from tenantry.operations.errors import StoppedError
from tenantry.operations.preview.resting import find_held, find_resting
from tenantry.operations.stack.open import Opened
from tenantry.operations.stack.run import CountedRun

SLUGS = ("acme", "birch")
ACCOUNT, KEY = (f"{COMPONENT}${KINDS[name].token}" for name in ("subaccount", "api_key"))


@pytest.fixture
def fake():
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def accounts(fake):
    """Return the SIDs of the tenants' accounts."""
    order = {"create": "subaccount", "account": fake.account_sid}
    return {slug: act(fake.store, {**order, "fields": {"friendly_name": slug}})["sid"] for slug in SLUGS}


@pytest.fixture
def stack(tmp_path, fake):
    """Return a function that opens a stack of these tenants, given lines of the manifest of acme."""

    def open_stack(acme="", **environ):
        (tmp_path / "tenants").mkdir(exist_ok=True)
        (tmp_path / "tenantry.yaml").write_text("format: 1\n")
        for slug in SLUGS:
            text = f"tenant: {slug}\nname: {slug}\n{acme if slug == 'acme' else ''}"
            (tmp_path / "tenants" / f"{slug}.yaml").write_text(text)
        settings = {"TWILIO_ACCOUNT_SID": fake.account_sid, "TWILIO_AUTH_TOKEN": fake.auth_token}
        environ = {**settings, "TENANTRY_TWILIO_URL": fake.url, **environ}
        project = Project(tmp_path, "dev", Engine(tmp_path / "pulumi", "v3.259.0", "PATH"), environ)
        return Opened(project, load(tmp_path, "dev"))

    return open_stack


def ran(accounts, op):
    """Return a preview that has the accounts in the state, and does something to a key of each tenant."""
    events = []
    for slug, sid in accounts.items():
        account, key = (f"urn:pulumi:dev::owl::{kind}::{slug}" for kind in (ACCOUNT, KEY))
        events.append(ResourcePre("same", account, KINDS["subaccount"].token, slug, sid))
        events.append(ResourcePre(op, f"{key}/api_key/web-1", KINDS["api_key"].token, f"{slug}/api_key/web-1", "SK1"))
    return CountedRun(0, tuple(events))


def suspend(fake, sid):
    act(fake.store, {"set": sid, "fields": {"status": "suspended"}})


@pytest.mark.parametrize("op", ["create", "update", "replace", "delete"])
def test_what_is_to_be_done_waits_for_the_suspended_tenant_alone(fake, accounts, stack, op):
    suspend(fake, accounts["acme"])
    opened, preview = stack(), ran(accounts, op)
    resting = find_resting(opened, preview, plan_of(preview.events))
    plan = resting.hold_apart(plan_of(preview.events))
    assert [(step.slug, step.op) for step in plan.steps] == [("birch", op)]
    assert [(step.slug, step.op) for step in plan.waiting] == [("acme", "wait")]
    assert (resting.exclude_from(opened, None), resting.exclude_from(opened, frozenset({"acme"}))) == (
        {"birch"},
        frozenset(),
    )


def test_the_report_says_which_account_and_the_ways_out(fake, accounts, stack):
    suspend(fake, accounts["acme"])
    preview = ran(accounts, "create")
    [warning] = find_resting(stack(), preview, plan_of(preview.events)).warnings
    assert warning.severity == "warning"
    assert warning.urn.endswith("::acme")
    assert f"account {accounts['acme']} is suspended in Twilio, and the manifest names no state" in warning.message
    assert "`state: active`" in warning.message


def test_what_belongs_to_no_manifest_waits_with_it_and_is_named(fake, accounts, stack):
    opened, sids = stack(), {**accounts, "gone": "AC" + "1" * 32}
    preview = ran(sids, "delete")
    assert find_resting(opened, preview, plan_of(preview.events)).waiting == ()
    suspend(fake, accounts["acme"])
    resting = find_resting(opened, preview, plan_of(preview.events))
    assert [step.slug for step in resting.hold_apart(plan_of(preview.events)).steps] == ["birch"]
    assert resting.warnings[-1].message.startswith("gone/api_key/web-1 belongs to no tenant that has a manifest")


@pytest.mark.parametrize("state", ["state: active\n", "state: suspended\n"])
def test_a_manifest_that_names_a_state_decides(fake, accounts, stack, state):
    suspend(fake, accounts["acme"])
    preview = ran(accounts, "create")
    assert find_resting(stack(state), preview, plan_of(preview.events)).accounts == {}


def test_nobody_is_asked_where_nothing_is_to_be_done_or_without_credentials(fake, accounts, stack):
    suspend(fake, accounts["acme"])
    quiet, busy = ran(accounts, "same"), ran(accounts, "create")
    fake.store.request_log.clear()
    assert find_resting(stack(), quiet, plan_of(quiet.events)).accounts == {}
    assert find_resting(stack(TWILIO_AUTH_TOKEN=""), busy, plan_of(busy.events)).accounts == {}
    assert list(fake.store.request_log.log) == []
    assert find_resting(stack(), busy, plan_of(busy.events)).accounts.keys() == {"acme"}
    assert len(fake.store.request_log.log) == 1


@pytest.fixture
def hold(tmp_path, fake, stack):
    """Return a function that suspends acme in a ledger for a cap, and opens its stack."""
    address = SqliteAddress(tmp_path / "ledger.db")
    make_ledger(address)

    def open_held(acme=""):
        opened = stack(acme)
        (tmp_path / "tenantry.yaml").write_text(f"format: 1\nledger: {address}\n")
        row = NewSuspension(StackRef(fake.account_sid), "acme", "AC1", "cap", "monthly-sms 2026-03-01", "tenantry")
        with open_ledger(address) as ledger:
            add_suspension(ledger, row)
        return Opened(opened.project, load(tmp_path, "dev"))

    return open_held


def test_what_the_ledger_holds_is_left_before_twilio_says_so(accounts, hold):
    opened, preview = hold(), ran(accounts, "update")
    resting = find_resting(opened, preview, plan_of(preview.events), find_held(opened, None))
    assert [(step.slug, step.op) for step in resting.waiting] == [("acme", "wait")]
    [warning] = resting.warnings
    assert "is suspended for cap (monthly-sms 2026-03-01) by tenantry, since 20" in warning.message


def test_who_is_suspended_is_said_where_nothing_waits_too(accounts, hold):
    opened, quiet = hold(), ran(accounts, "same")
    resting = find_resting(opened, quiet, plan_of(quiet.events), find_held(opened, None))
    assert [warning.message.partition(" for ")[0] for warning in resting.warnings] == ["acme is suspended"]
    assert find_held(opened, frozenset({"birch"})).rows == ()


def test_a_manifest_that_says_active_is_refused_while_a_reason_holds(hold):
    with pytest.raises(StoppedError, match="`tenantry caps override acme monthly-sms` lifts the reason"):
        find_held(hold("state: active\n"), None)


def test_a_ledger_that_cant_be_read_is_a_warning(accounts, hold, tmp_path):
    opened, quiet = hold(), ran(accounts, "same")
    (tmp_path / "ledger.db").unlink()
    [warning] = find_resting(opened, quiet, plan_of(quiet.events), find_held(opened, None)).warnings
    assert warning.message.startswith("Whether tenants are suspended could not be read")
