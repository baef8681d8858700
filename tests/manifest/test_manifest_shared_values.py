"""What tenants inherit as it is, is checked once a stack; nobody may see a difference."""

import pytest

from tenantry.manifest.check import load_stacks
from tenantry.manifest.load import load

PROJECT = """format: 1
webhooks: https://hooks.example
permission_sets: {reader: [/twilio/messaging/messages/read]}
stacks:
  live: {}
  test: {webhooks: "https://test.example"}
"""
DEFAULTS = """api_keys: {web: {access: standard}, reports: {access: ["@reader"]}}
usage_triggers: {sms: {usage_category: sms, trigger_value: 1000, callback_url: /usage}}
debugger_webhook: {url: "/errors/{tenant}"}
retention: {messages: {keep_days: 30}}
terms: {currency: usd, fees: {base: 10}}
labels: {tier: gold}
"""
PLAN = "usage_triggers: {calls: {usage_category: calls, trigger_value: 5, callback_url: '/{tenant}/calls'}}\n"
TENANTS = {
    "ash": "",
    "birch": "",
    "cedar": "plan: pro\n",
    "daphne": "plan: pro\n",
    "elm": "retention: {messages: {keep_days: 7}}\nusage_triggers: {sms: null}\n",
    "fir": "terms: {fees: {base: 20}}\napi_keys: {own: {access: ['@reader']}}\n",
    "gorse": "",
}
LAYERS = {"tenantry.yaml": PROJECT, "defaults.yaml": DEFAULTS, "plans/pro.yaml": PLAN, "tenants/acme.yaml": None}


def _manifest(slug: str) -> str:
    return f"tenant: {slug}\nname: A Customer\n{TENANTS[slug]}"


@pytest.mark.parametrize("stack", ["live", "test"])
def test_each_tenant_is_as_it_would_be_alone(project, stack):
    together = load(project(LAYERS | {f"tenants/{slug}.yaml": _manifest(slug) for slug in TENANTS}), stack)
    assert (list(together.tenants), together.problems) == (list(TENANTS), ())
    for slug, tenant in together.tenants.items():
        root = project(LAYERS)
        for path in (root / "tenants").iterdir():
            path.unlink()
        (root / f"tenants/{slug}.yaml").write_text(_manifest(slug))
        assert load(root, stack).tenants == {slug: tenant}


def test_an_inherited_url_has_its_tenants_slug_and_its_stacks_base(project):
    root = project(LAYERS | {f"tenants/{slug}.yaml": _manifest(slug) for slug in TENANTS})
    found = {
        (loaded.stack.name, slug): (tenant.debugger_webhook.url, tenant.usage_triggers["calls"].callback_url)
        for loaded in load_stacks(root)
        for slug, tenant in loaded.tenants.items()
        if slug in ("cedar", "daphne")
    }
    bases = {"live": "https://hooks.example", "test": "https://test.example"}
    assert found == {
        (stack, slug): (f"{base}/errors/{slug}", f"{base}/{slug}/calls")
        for stack, base in bases.items()
        for slug in ("cedar", "daphne")
    }


def test_an_inherited_mistake_is_told_of_each_tenant(problems):
    files = {
        "defaults.yaml": "usage_triggers: {sms: {usage_category: sms, callback_url: /usage}}\n",
        "tenants/birch.yaml": "tenant: birch\nname: Birch\n",
        "tenants/cedar.yaml": "tenant: cedar\nname: Cedar\nusage_triggers: {sms: {trigger_value: 1}}\n",
    }
    [text] = problems(files)
    assert text.startswith("defaults.yaml:1:")
    assert "trigger_value" in text
    assert text.endswith("(in acme, birch)")


def test_a_mistake_of_one_tenant_is_told_beside_what_it_inherits(problems):
    files = {
        "defaults.yaml": DEFAULTS.replace('"@reader"', "/twilio/messaging/messages/read"),
        "tenants/birch.yaml": "tenant: birch\nname: Birch\nstate: gone\n",
        "tenants/cedar.yaml": "tenant: cedar\nname: Cedar\nretention: {messages: {keep_days: soon}}\n",
    }
    assert [text.split(": ")[0] for text in problems(files)] == ["tenants/birch.yaml:3:8", "tenants/cedar.yaml:3:35"]
