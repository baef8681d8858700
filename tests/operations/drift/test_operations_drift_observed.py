"""Tenants that are only observed: drift reads them, and no finding tells anybody to run an `up`."""

import pytest
from drift_world import WHOLE

from faketwilio.control.console import act


@pytest.fixture
def observation(world):
    """The tenant acme, as it was applied, and from then on only observed."""
    world.apply(acme=WHOLE)
    account = world.sid("acme")
    adopt = f"account: {{adopt: {account}}}\nmanage: observe\n"
    world.write("acme", f"{adopt}{WHOLE}")
    world.state = {name: item for name, item in world.state.items() if name == "fleet"}
    return world


def test_what_is_as_its_manifest_says_is_no_finding(observation):
    assert observation.list_findings() == []
    assert observation.list_findings(without_state=True) == []


def test_what_somebody_changed_is_settled_by_its_manifest(observation):
    account = observation.loaded.tenants["acme"].account.adopt
    [trigger] = observation.session().usage_triggers.list(account)
    act(observation.fake.store, {"set": trigger.sid, "fields": {"callback_method": "GET"}})
    [finding] = observation.findings()
    assert (finding.kind, finding.severity, finding.entry) == ("changed", "high", "usage_trigger/monthly-sms")
    assert "tenantry up" not in finding.settle
    assert "--accept" in finding.settle


def test_a_suspension_is_its_own_affair(observation):
    act(
        observation.fake.store,
        {"set": observation.loaded.tenants["acme"].account.adopt, "fields": {"status": "suspended"}},
    )
    assert observation.list_findings() == []


def test_a_key_that_nobody_knows_is_reported(observation):
    observation.put("api_key", observation.loaded.tenants["acme"].account.adopt, friendly_name="stranger")
    assert observation.list_findings() == [("unmanaged", "acme", "api_key/stranger")]
