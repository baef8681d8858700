"""Whose the creates are that a killed run has left in the state."""

import pytest

from tenantry.operations.recovery.pending import are_all_ours

OURS = {"type": "pulumi-python:dynamic/twilio:ApiKey", "custom": True}


def check(*resources, kind="creating"):
    return {"deployment": {"pending_operations": [{"resource": resource, "type": kind} for resource in resources]}}


@pytest.mark.parametrize(
    "resource",
    [OURS, {"type": "pulumi:providers:aws", "custom": True}, {"type": "tenantry:index:Tenant", "custom": False}],
)
def test_pending_creates_of_our_kinds_and_of_the_state_are_ours(resource):
    assert are_all_ours(check(OURS, resource))


@pytest.mark.parametrize("type_", ["aws:s3/bucket:Bucket", "pulumi-python:dynamic:Resource"])
def test_one_of_a_projects_own_is_enough_to_leave_them_all(type_):
    assert not are_all_ours(check(OURS, {"type": type_, "custom": True}))


def test_what_was_not_a_create_is_nobodys_to_look_for():
    assert are_all_ours(check({"type": "aws:s3/bucket:Bucket", "custom": True}, kind="updating"))
    assert are_all_ours({"deployment": {}})
