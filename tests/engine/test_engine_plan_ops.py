"""What the engine's steps come to in Twilio."""

import pytest

from tenantry.engine.events.changes import Change
from tenantry.engine.events.event import ResourcePre, Steering
from tenantry.engine.events.plan import plan_of
from tenantry.engine.events.urn import COMPONENT

URN = "urn:pulumi:dev::owl::tenantry:index:Tenant"
FROZEN = Steering(frozen=True)


def event(op: str, kind: str, name: str, id_: str = "SK1", steering: Steering = Steering(), *changes: Change):  # noqa: B008
    token = f"pulumi-python:dynamic/twilio:{kind}"
    return ResourcePre(op, f"{URN}${token}::{name}", token, name, id_, changes, steering)


def ops(*events: ResourcePre) -> dict[str, str]:
    return {step.name: step.op for step in plan_of(events).steps}


def test_what_waited_is_made_not_replaced():
    plan = plan_of([event("replace", "ApiKey", "acme/api_key/web-1", "waiting-web#1")])
    assert [step.op for step in plan.steps] == ["create"]
    assert plan.replacements == ()


@pytest.mark.parametrize(
    "gone",
    [
        event("delete", "ApiKey", "acme/api_key/web-1", "waiting-web#1"),
        event("delete", "ApiKey", "acme/api_key/web-1", "SK1", Steering(retained=True)),
        event("delete", "AccountState", "acme/account_state"),
        event("delete", "Retention", "acme/retention"),
        event("delete", "Subaccount", "acme"),
        ResourcePre("delete", f"{URN}::acme", COMPONENT, "acme"),
    ],
    ids=["waiting", "retained", "account_state", "retention", "subaccount", "component"],
)
def test_what_ends_nothing_in_twilio_is_forgotten_not_deleted(gone):
    plan = plan_of([gone])
    assert [step.op for step in plan.steps] == ["forget"]
    assert plan.deletes == ()
    assert not plan.is_empty


def test_an_old_object_of_an_earlier_replacement_is_a_deletion_to_finish():
    old = event("delete-replaced", "ApiKey", "acme/api_key/web-1", "SK0")
    plan = plan_of([event("same", "ApiKey", "acme/api_key/web-1"), old])
    assert [(step.op, step.name) for step in plan.steps] == [("finish", "acme/api_key/web-1")]
    assert plan.deletes == plan.steps


def test_both_objects_of_a_replacement_are_one_step():
    web = ("ApiKey", "acme/api_key/web-1")
    events = [event(op, *web) for op in ("create-replacement", "replace", "delete-replaced", "delete-replaced")]
    assert [step.op for step in plan_of(events).steps] == ["replace"]


def test_the_old_record_of_what_waited_is_forgotten():
    assert ops(event("delete-replaced", "ApiKey", "acme/api_key/web-1", "waiting-web#1")) == {
        "acme/api_key/web-1": "forget"
    }


def test_objects_of_a_leaving_tenant_are_forgotten_and_others_deleted():
    leaving = event("delete", "Subaccount", "acme")
    keys = [event("delete", "ApiKey", f"{slug}/api_key/web-1") for slug in ("acme", "acme-2")]
    assert ops(leaving, *keys) == {"acme": "forget", "acme/api_key/web-1": "forget", "acme-2/api_key/web-1": "delete"}


@pytest.mark.parametrize("kind", ["Subaccount", "AccountState"])
def test_what_a_closed_tenant_loses_is_forgotten_though_its_manifest_stays(kind):
    closed = event("same", kind, "acme", "AC1", Steering(ending=True, gone=True))
    keys = [event("delete", "ApiKey", f"{slug}/api_key/web-1") for slug in ("acme", "acme-2")]
    assert ops(closed, *keys) == {"acme/api_key/web-1": "forget", "acme-2/api_key/web-1": "delete"}


def test_a_projects_own_resource_of_a_tenant_that_leaves_is_deleted():
    bucket = ResourcePre("delete", f"{URN}$aws:s3/bucket:Bucket::acme/files", "aws:s3/bucket:Bucket", "acme/files")
    assert ops(event("delete", "Subaccount", "acme"), bucket)["acme/files"] == "delete"


def test_what_a_resting_tenant_lacks_waits():
    state = event("same", "AccountState", "acme/account_state")
    key = event("create", "ApiKey", "acme/api_key/web-1", "", FROZEN)
    assert ops(state, key) == {"acme/api_key/web-1": "wait"}


def test_missing_objects_of_a_tenant_are_made_before_its_suspension():
    state = event("create", "AccountState", "acme/account_state", "")
    key = event("create", "ApiKey", "acme/api_key/web-1", "", FROZEN)
    assert ops(state, key)["acme/api_key/web-1"] == "create"


CHANGED = Change("trigger_value", "update", "1", "2")
STEERED = Change("frozen", "add", None, new=True)


@pytest.mark.parametrize(
    ("remaining", "waits"),
    [
        (event("same", "UsageTrigger", "acme/usage_trigger/sms", "UT1", FROZEN, CHANGED), True),
        (event("same", "ApiKey", "acme/api_key/web-1", "waiting-web#1", FROZEN), True),
        (event("same", "UsageTrigger", "acme/usage_trigger/sms", "UT1", FROZEN, STEERED), False),
        (event("same", "ApiKey", "acme/api_key/web-1", "waiting-web#1", Steering(frozen=True, released=True)), False),
        (event("same", "ApiKey", "acme/api_key/web-1"), False),
    ],
    ids=["changed", "lacking", "unchanged", "released", "active"],
)
def test_what_is_left_as_it_is_waits_if_it_differs(remaining, waits):
    plan = plan_of([remaining])
    assert plan.is_empty
    assert [step.op for step in plan.waiting] == (["wait"] if waits else [])


def test_nothing_of_a_tenant_on_its_way_out_waits():
    account = event("same", "Subaccount", "acme", "AC1", Steering(ending=True))
    key = event("same", "ApiKey", "acme/api_key/web-1", "waiting-web#1", FROZEN)
    assert plan_of([account, key]).waiting == ()


def test_an_entry_that_adopts_takes_over_and_creates_nothing_unless_it_waits():
    adopts = Change("adopt", "add", None, "SK1")
    assert ops(event("create", "ApiKey", "acme/api_key/web-1", "", Steering(), adopts)) == {
        "acme/api_key/web-1": "adopt"
    }
    assert ops(event("create", "ApiKey", "acme/api_key/web-1", "")) == {"acme/api_key/web-1": "create"}
    other_names = ResourcePre("create", f"{URN}$aws:x:X::acme/x", "aws:x:X", "acme/x", "", (adopts,))
    assert ops(other_names) == {"acme/x": "create"}
