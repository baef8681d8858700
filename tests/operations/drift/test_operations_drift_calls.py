"""What a report costs: list calls only, once a tenant; and what cannot be read stops nobody else."""

from collections import Counter

import pytest
from drift_world import TODAY, WHOLE

from faketwilio.store.fault import Fault
from tenantry.operations.drift.story import find_drift
from tenantry.twilio.errors import TwilioError


def test_a_tenant_costs_five_lists_and_a_fetch_for_each_restricted_key(acme):
    acme.drift()
    asked = acme.list_requests()
    kinds = Counter(path.rpartition("/")[2] if "/Keys/" not in path else "policy" for path in asked)
    assert all(path.startswith("GET ") for path in asked)
    assert kinds == {
        "Accounts.json": 1,
        "Keys.json": 2,
        "policy": 2,
        "Triggers.json": 2,
        "Sinks": 2,
        "Subscriptions": 2,
        "SubscribedEvents": 2,
    }


def test_a_tenant_costs_five_calls_and_all_share_one_account_list(world):
    for number in range(20):
        world.write(f"t{number}", WHOLE.replace("  sender: {access: [/twilio/messaging/messages/create]}\n", ""))
    world.apply()
    world.drift()
    assert len(world.list_requests()) == 20 * 5 + 1  # a page of accounts for 999 tenants: 5.01 calls each from 100 on


def test_a_focus_asks_for_no_other_tenant(acme):
    acme.put("subaccount", acme.fake.account_sid, friendly_name="Forgotten Inc")
    acme.set("acme-2", friendly_name="Hacked")
    assert acme.list_findings("acme") == []
    assert not [path for path in acme.list_requests() if acme.sid("acme-2") in path]
    assert len(acme.list_requests()) == 7


def test_what_a_list_lacks_is_asked_for_before_it_is_called_missing(acme):
    acme.delete("acme/usage_trigger/monthly-sms")
    acme.drift("acme")
    assert len([path for path in acme.list_requests() if acme.sid("acme/usage_trigger/monthly-sms") in path]) == 1


def test_an_unreadable_list_is_a_finding_and_stops_nothing_else(acme):
    refusal = {"status": 401, "code": 20003, "message": "Authenticate", "times": None}
    acme.fake.store.faults.append(Fault("error", path_contains=f"{acme.sid('acme')}/Keys", **refusal))
    acme.set("acme/usage_trigger/monthly-sms", callback_url="https://elsewhere.example/x")
    acme.delete("acme-2/usage_trigger/monthly-sms")
    changed, missing, unreadable = sorted(acme.findings(), key=lambda value: value.kind)
    assert (changed.kind, changed.tenant) == ("changed", "acme")
    assert (missing.kind, missing.tenant) == ("missing", "acme-2")
    assert (unreadable.kind, unreadable.tenant, unreadable.entry) == ("unreadable", "acme", "api_key")
    assert unreadable.reason is not None
    assert unreadable.reason.startswith(f"Listing the API keys of account {acme.sid('acme')}: Twilio answered 401")


def test_a_token_that_twilio_hides_makes_only_webhooks_unreadable(acme):
    acme.set("acme", auth_token="")
    assert sorted(acme.list_findings()) == [
        ("unreadable", "acme", kind) for kind in ("api_key", "event_sink", "event_subscription")
    ]


def test_accounts_that_cannot_be_listed_are_an_error(acme):
    acme.fake.store.faults.append(Fault("error", status=401, code=20003, message="Authenticate", times=None))
    with pytest.raises(TwilioError, match="Listing the subaccounts: Twilio answered 401"):
        acme.drift()


def test_no_tenant_is_compared_where_a_focus_names_none(acme):
    acme.put("subaccount", acme.fake.account_sid, friendly_name="Forgotten Inc")
    report = find_drift(acme.loaded, (), acme.session(), TODAY, slugs=())
    assert (report.tenants, report.groups) == (0, ())
