"""What a run is handed of the state: who holds what and what was begun, and no value of anybody's."""

from typing import Any

import pytest

from tenantry.engine.state.handed import HANDED_VARIABLE, hand_state, handed_state
from tenantry.engine.state.holdings import read_holdings

URN = "urn:pulumi:dev::owl::tenantry:index:Tenant"
TYPE = "pulumi-python:dynamic/twilio"


def resource(kind: str, name: str, sid: str, **more: Any) -> dict[str, Any]:
    return {"urn": f"{URN}${TYPE}:{kind}::{name}", "type": f"{TYPE}:{kind}", "id": sid, "inputs": {}, **more}


EXPORTED = {
    "deployment": {
        "resources": [
            {"urn": f"{URN}::acme", "type": "tenantry:index:Tenant", "created": "2026-11-30T08:00:00Z"},
            resource("Fleet", "fleet", "fleet", inputs={"recovering": True}),
            resource("Subaccount", "acme", "AC1", inputs={"x": "secret"}),
            resource("ApiKey", "acme/api_key/web-1", "SK1", outputs={"secret": "secret"}, delete=True),
        ],
        "pending_operations": [
            {"type": "creating", "resource": {"urn": f"{URN}${TYPE}:Subaccount::birch", "inputs": {"x": "secret"}}}
        ],
    }
}


@pytest.fixture
def environ(tmp_path):
    return {HANDED_VARIABLE: str(tmp_path / "state.json")}


@pytest.mark.parametrize("exported", [EXPORTED, {"deployment": None}], ids=["with resources", "of a new stack"])
def test_what_is_handed_on_says_who_holds_what_as_the_state_does(environ, exported):
    hand_state(environ, exported)
    assert read_holdings(handed_state(environ)) == read_holdings(exported)


def test_no_value_of_a_resource_is_handed_on(environ, tmp_path):
    hand_state(environ, EXPORTED)
    assert "secret" not in (tmp_path / "state.json").read_text()


def test_a_run_that_was_handed_nothing_is_told_so(environ):
    assert handed_state({}) is None
    assert handed_state(environ) is None
