"""An object of Twilio belongs to one resource: which resources hold the same one, by what they adopt and the state."""

from typing import Any

import pytest

from tenantry.engine.state.holdings import Holdings, read_holdings
from tenantry.policies.stack.owners import Claim, find_shared

KEY, ACCOUNT = "SK" + "1" * 32, "AC" + "2" * 32
WEB, BOT = "acme/api_key/web-1", "acme/api_key/bot-1"
TOKEN = "pulumi-python:dynamic/twilio:ApiKey"


def holding(name: str, **more: Any) -> Holdings:
    """A state in which a resource holds the key."""
    urn = f"urn:pulumi:dev::owl::tenantry:index:Tenant${TOKEN}::{name}"
    return read_holdings({"deployment": {"resources": [{"urn": urn, "type": TOKEN, "id": KEY, **more}]}})


@pytest.mark.parametrize(
    ("claims", "state"),
    [
        ([Claim(WEB, KEY), Claim("birch/api_key/web-1", KEY)], Holdings()),
        ([Claim(WEB), Claim(BOT, KEY)], holding(WEB)),
        ([Claim(WEB, account_sid=KEY), Claim("birch/retention", account_sid=KEY)], Holdings()),
        ([Claim("acme", KEY), Claim("birch", KEY), Claim(WEB, account_sid=KEY)], Holdings()),
    ],
    ids=["adopted twice", "held by another", "in two tenants", "told once"],
)
def test_what_two_resources_hold_is_told_once(claims, state):
    assert [sid for sid, _ in find_shared(claims, state)] == [KEY]


@pytest.mark.parametrize(
    ("claims", "state"),
    [
        ([Claim(BOT, KEY)], holding(WEB)),
        ([Claim(WEB, KEY)], holding(WEB)),
        ([Claim(WEB), Claim(BOT, KEY)], holding(WEB, delete=True)),
        ([Claim(WEB, account_sid=ACCOUNT), Claim("acme/retention", account_sid=ACCOUNT)], Holdings()),
    ],
    ids=["another that leaves", "itself", "the old half of a replacement", "one tenant"],
)
def test_what_one_resource_holds_is_fine(claims, state):
    assert list(find_shared(claims, state)) == []
