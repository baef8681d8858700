"""Caps in manifests: triggers that follow from one entry, and what contradicts itself, all at once and by place."""

import pytest

from tenantry.manifest.load import load
from tenantry.model.resources import resources_of
from tenantry.model.tenant_standing import stand

PROJECT = "format: 1\nwebhooks: https://hooks.owl.example/twilio\nledger: sqlite:/var/lib/owl.db\n"
TENANT = "tenant: acme\nname: Acme\n"
CAP = (
    "usage_triggers:\n  monthly-sms:\n    usage_category: sms\n    trigger_value: {value}\n    recurring: {recurring}\n"
    "    callback_url: {url}\n    warn_at_percent: {warn}\n    on_fire: {on_fire}\n"
)


@pytest.fixture
def check(tmp_path):
    """Return a function that loads a project with one tenant."""
    (tmp_path / "tenants").mkdir()

    def load_with(more="", project=PROJECT, defaults=None, **cap):
        values = {"value": "1000", "recurring": "monthly", "url": "/usage", "warn": "[80]", **cap}
        values.setdefault("on_fire", "{action: suspend, at_percent: 110}")
        (tmp_path / "tenantry.yaml").write_text(project)
        (tmp_path / "tenants" / "acme.yaml").write_text(f"{TENANT}{CAP.format(**values)}{more}")
        if defaults is not None:
            (tmp_path / "defaults.yaml").write_text(defaults)
        return load(tmp_path)

    return load_with


def sentences(loaded):
    return [f"{problem.line}: {problem.sentence}" for problem in loaded.problems]


def test_each_percent_is_a_trigger_of_its_own(check):
    loaded = check()
    found = {
        resource.name: str(resource.spec.trigger_value)
        for resource in resources_of(loaded.tenants["acme"], None)
        if resource.kind == "usage_trigger"
    }
    names = ("", "-at-80", "-at-110")
    values = ("1000", "800.000000", "1100.000000")
    assert found == {f"acme/usage_trigger/monthly-sms{name}": value for name, value in zip(names, values, strict=True)}


def test_what_adopts_is_the_entry_alone(check):
    sid = "UT" + "0" * 32
    loaded = check(on_fire=f"{{action: suspend}}\n    adopt: {sid}")
    adopted = [
        resource.spec.adopt
        for resource in resources_of(loaded.tenants["acme"], None)
        if resource.kind == "usage_trigger"
    ]
    assert sorted(adopted, key=str) == [None, sid]


@pytest.mark.parametrize(
    ("cap", "project", "more", "sentence"),
    [
        (
            {},
            PROJECT.replace("ledger", "#"),
            "",
            "10: usage_triggers.monthly-sms.on_fire: action: suspend needs a ledger",
        ),
        ({"url": "https://else.example/x"}, PROJECT, "", "8: usage_triggers.monthly-sms.callback_url: action: suspend"),
        ({"recurring": "yearly"}, PROJECT, "", "7: usage_triggers.monthly-sms.recurring: action: suspend lasts until"),
        ({}, PROJECT, "state: active\n", "10: usage_triggers.monthly-sms.on_fire: action: suspend and `state: active`"),
        ({"value": "0"}, PROJECT, "", "6: usage_triggers.monthly-sms.trigger_value: action: suspend at 0"),
        ({"warn": "[100]"}, PROJECT, "", "9: usage_triggers.monthly-sms.warn_at_percent[0]: 100 is the trigger itself"),
        ({"warn": "[110]"}, PROJECT, "", "9: usage_triggers.monthly-sms.warn_at_percent[0]: the account is suspended"),
        ({"warn": "[80, 80]"}, PROJECT, "", "9: usage_triggers.monthly-sms.warn_at_percent: names 80 more than once"),
        ({"warn": "[0]"}, PROJECT, "", "9: usage_triggers.monthly-sms.warn_at_percent[0]: must be 1 or more"),
        ({"on_fire": "{action: suspend, stop: [sms]}"}, PROJECT, "", "10: usage_triggers.monthly-sms.on_fire.stop: "),
        (
            {"on_fire": "{action: suspnd}"},
            PROJECT,
            "",
            "10: usage_triggers.monthly-sms.on_fire: expected notify or suspend",
        ),
    ],
)
def test_what_contradicts_itself_is_told_with_its_place(check, cap, project, more, sentence):
    found = [line for line in sentences(check(more, project, **cap)) if line.startswith(sentence)]
    assert len(found) == 1, sentences(check(more, project, **cap))


def test_a_layer_that_sets_the_action_starts_anew(check):
    below = "usage_triggers: {monthly-sms: {on_fire: {action: suspend, approval: required}}}\n"
    loaded = check(defaults=below, on_fire="{action: suspend}")
    assert loaded.tenants["acme"].usage_triggers["monthly-sms"].suspending.approval == "none"


def test_only_what_calls_below_webhooks_is_a_cap(check):
    other = "  elsewhere:\n    usage_category: sms\n    trigger_value: 5\n    callback_url: https://else.example/x\n"
    tenant = check(other).tenants["acme"]
    standing = stand(tenant, "AC1", "https://hooks.owl.example/twilio", {"monthly-sms": "UT1", "elsewhere": "UT2"})
    assert ([cap.name for cap in standing.caps], standing.caps[0].sids) == (["monthly-sms"], {"UT1": 100})


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ('{url: "http://crm.owl.example", secret_from: S}', "notices.url: must begin with https://"),
        ('{url: "https://crm.owl.example", secret_from: "whsec_x y"}', "notices.secret_from: must be the name"),
        (
            '{url: "https://crm.owl.example", secret_from: S, types: [cap.rached]}',
            "notices.types[0]: 'cap.rached' is no",
        ),
        ('{url: "https://{tenant}.example", secret_from: S}', "notices.url: "),
    ],
)
def test_notices_that_go_nowhere_are_refused(check, written, sentence):
    assert any(sentence in line for line in sentences(check(project=f"{PROJECT}notices: {written}\n")))
