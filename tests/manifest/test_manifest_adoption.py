"""What stands beside `adopt`: the name that an object keeps; and tenants that are only observed."""

import json
from datetime import date

import pytest

from tenantry.manifest.load import load
from tenantry.model.fleet import FleetSpec, abandoned_tenants, fleet_of, lost_tenants
from tenantry.model.resources import resources_of

TODAY = date(2026, 11, 30)
SETTINGS = {"usage_category": "sms", "trigger_value": 1, "callback_url": "https://hooks.owl.example/u"}


def sid(prefix: str, digit: str = "1") -> str:
    return prefix + digit * 32


def manifest(**entries: object) -> str:
    lines = [f"{key}: {json.dumps(value)}" for key, value in entries.items()]
    return "\n".join(["tenant: acme", "name: Acme", *lines, ""])


def names_of(folder):
    resources = resources_of(load(folder).tenants["acme"], TODAY)
    bags = {resource.name: resource.spec.props() for resource in resources}
    return {name: bag.get("friendly_name", bag.get("description")) for name, bag in bags.items() if "/" in name}


def test_an_adopted_object_keeps_the_name_that_it_has(project):
    webhook = {"sink": sid("DG"), "sink_description": "", "subscription": sid("DF"), "subscription_description": "All"}
    text = manifest(
        api_keys={"web": {"access": "standard", "generations": [1, 2], "adopt": sid("SK"), "friendly_name": "Web key"}},
        usage_triggers={"sms": {**SETTINGS, "adopt": sid("UT"), "friendly_name": "Trigger for sms"}},
        debugger_webhook={"url": "https://hooks.owl.example/e", "adopt": webhook},
    )
    assert names_of(project({"tenants/acme.yaml": text})) == {
        "acme/api_key/web-1": "Web key",
        "acme/api_key/web-2": "web#2",
        "acme/usage_trigger/sms": "Trigger for sms",
        "acme/event_sink/debugger": "",
        "acme/event_subscription/debugger": "All",
    }


@pytest.mark.parametrize(
    ("section", "entry", "about"),
    [
        ("api_keys", {"web": {"access": "standard", "friendly_name": "x"}}, "api_keys.web"),
        ("usage_triggers", {"sms": {**SETTINGS, "friendly_name": "x"}}, "usage_triggers.sms"),
    ],
)
def test_a_name_without_an_adoption_is_refused(problems, section, entry, about):
    [problem] = problems({"tenants/acme.yaml": manifest(**{section: entry})})
    assert f"{about}: friendly_name is the name that an adopted object keeps" in problem


def test_a_description_without_its_subscription_is_refused(problems):
    adopt = {"sink": sid("DG"), "subscription_description": "x"}
    text = manifest(debugger_webhook={"url": "https://hooks.owl.example/e", "adopt": adopt})
    [problem] = problems({"tenants/acme.yaml": text})
    assert "write its SID in subscription" in problem


def test_layers_have_no_names_and_lock_none(problems):
    layer = "api_keys: {web: {access: standard, friendly_name: x}}\nlocked: [api_keys.*.friendly_name]\n"
    found = problems({"defaults.yaml": layer, "tenants/acme.yaml": manifest()})
    assert {problem.partition(": ")[2] for problem in found} >= {
        "api_keys.web.friendly_name: only tenants may have it; move it to the files of those tenants",
        "locked[0]: locks 'api_keys.*.friendly_name', which only tenants may have",
    }


def test_two_objects_may_have_one_name(problems):
    keys = {name: {"access": "standard", "adopt": sid("SK", name[-1]), "friendly_name": "Web"} for name in ("a1", "a2")}
    assert problems({"tenants/acme.yaml": manifest(api_keys=keys)}) == []


OBSERVED = {"account": {"adopt": sid("AC")}, "manage": "observe"}


def test_nothing_of_an_observed_tenant_is_registered(project):
    loaded = load(project({"tenants/acme.yaml": manifest(**OBSERVED, api_keys={"web": {"access": "standard"}})}))
    tenant = loaded.tenants["acme"]
    assert resources_of(tenant, TODAY) == ()
    assert [item.name for item in resources_of(tenant, TODAY, observing=True)] == ["acme", "acme/api_key/web-1"]
    assert loaded.managed == {}
    assert fleet_of([tenant], TODAY).standing == {"acme": "observed"}


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ({"manage": "observe"}, "manage: observe is for an account that is there"),
        ({**OBSERVED, "state": "active"}, "manage: observe leaves it as it is"),
        ({**OBSERVED, "manage": "all"}, "manage"),
    ],
)
def test_a_wrong_observation_is_refused(problems, entries, problem):
    [found] = problems({"tenants/acme.yaml": manifest(**entries)})
    assert problem in found


def test_an_observed_tenant_may_go_or_become_managed_but_not_come_back():
    observed, managed = FleetSpec(standing={"acme": "observed"}), FleetSpec(standing={"acme": "open"})
    assert lost_tenants(observed, FleetSpec()) == ()
    assert abandoned_tenants(observed, managed) == ()
    assert abandoned_tenants(FleetSpec(), observed) == ()
    assert abandoned_tenants(managed, observed) == ("acme",)
