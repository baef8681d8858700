"""What becomes of orphans."""

from datetime import UTC, datetime

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from faketwilio.store.fault import fault_of
from faketwilio.store.records import ApiKey
from tenantry.operations.recovery.delete_orphans import delete_orphans, find_unsettled
from tenantry.operations.recovery.orphans import EndedLeftover, Orphan, OrphanSearch
from tenantry.twilio.session import Session

RUN = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)


@pytest.fixture
def fake():
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def session(fake):
    names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TENANTRY_TWILIO_URL")
    return Session.from_env(dict(zip(names, (fake.account_sid, fake.auth_token, fake.url), strict=True)))


@pytest.fixture
def orphan(fake, session):
    """A key that a killed run left."""
    account = session.subaccounts.create("Acme (acme)").sid
    key = act(fake.store, {"create": "api_key", "account": account, "fields": {"friendly_name": "sender#1"}})["sid"]
    return Orphan(tenant="acme", kind="api_key", name="sender#1", account_sid=account, sid=key, run=RUN)


def end_run(session, orphan, held=()):
    return [(item.result, item.reason) for item in delete_orphans(session, OrphanSearch((orphan,)), held, ())]


def test_a_leftover_is_deleted_and_one_that_is_gone_already_too(fake, session, orphan):
    assert end_run(session, orphan) == [("deleted", None)]
    assert list(fake.store.table(ApiKey).of(orphan.account_sid)) == []
    assert end_run(session, orphan) == [("deleted", None)]


def test_what_the_run_has_taken_over_stays_and_is_not_told(fake, session, orphan):
    assert end_run(session, orphan, held={orphan.sid}) == []
    assert [key.sid for key in fake.store.table(ApiKey).of(orphan.account_sid)] == [orphan.sid]


def test_it_is_kept_where_something_of_its_tenant_failed(fake, session, orphan):
    ((result, reason),) = [
        (item.result, item.reason) for item in delete_orphans(session, OrphanSearch((orphan,)), (), {"acme"})
    ]
    assert result == "kept"
    assert reason == "something failed for acme in this run; the first `tenantry up` in which nothing does deletes it"
    assert [key.sid for key in fake.store.table(ApiKey).of(orphan.account_sid)] == [orphan.sid]


def test_an_orphan_in_a_suspended_account_is_kept(fake, session, orphan):
    act(fake.store, {"set": orphan.account_sid, "fields": {"status": "suspended"}})
    ((result, reason),) = end_run(session, orphan)
    assert result == "kept"
    assert reason.endswith("is suspended now; the first `tenantry up` that finds it active looks again")
    assert [key.sid for key in fake.store.table(ApiKey).of(orphan.account_sid)] == [orphan.sid]


def test_one_that_can_not_be_deleted_is_told_with_the_reason(fake, session, orphan):
    fake.store.faults.append(fault_of({"mode": "error", "status": 400, "code": 20001, "method": "DELETE"}))
    ((result, reason),) = end_run(session, orphan)
    assert result == "failed"
    assert reason.startswith(f"Deleting API key {orphan.sid} in account {orphan.account_sid}: Twilio answered 400")


def test_an_awaited_object_is_deleted_if_the_run_made_another(fake, session, orphan):
    awaited = OrphanSearch(awaited=(orphan,))
    assert list(delete_orphans(session, awaited, {orphan.sid}, ())) == []
    assert list(delete_orphans(session, awaited, (), {"acme"})) == []
    assert [item.result for item in delete_orphans(session, awaited, (), ())] == ["deleted"]
    assert list(delete_orphans(session, awaited, (), ())) == []


def test_tenants_are_unsettled_where_orphans_are_unseen_kept_or_awaited(orphan):
    kept, deleted = (EndedLeftover(**orphan.model_dump(), result=result) for result in ("kept", "deleted"))
    assert find_unsettled(OrphanSearch(unseen=frozenset({"birch"})), [deleted], {"acme"}) == {"birch"}
    assert find_unsettled(OrphanSearch((orphan,)), [kept], ()) == {"acme"}
    assert find_unsettled(OrphanSearch(awaited=(orphan,)), (), {"acme"}) == {"acme"}
    assert find_unsettled(OrphanSearch(awaited=(orphan,)), (), {"birch"}) == frozenset()
