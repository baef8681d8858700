"""Terms: every contradiction is found, with both places, before a statement is rated."""

# ruff: noqa: E501  a message is shown whole, in the line of what it is about

import pytest

from tenantry.manifest.load import load
from tenantry.model.charge import Dynamic, Fixed

PLAN = """terms:
  currency: usd
  fees: {base: 49.99}
  charges:
    sms: {label: Texts, strategy: tiers_with_overage, quantity: count, included: 100, overage_price: 0.50}
"""
SMS = "label: Texts, strategy: tiers, quantity: count, included: 9"


@pytest.fixture
def terms_problems(problems):
    """Return what is wrong where acme, on the plan small, has these lines more."""

    def check(lines: str, **files: str) -> list[str]:
        tenant = f"tenant: acme\nname: Acme\nplan: small\n{lines}"
        named = {f"{name.replace('_', '/')}.yaml": text for name, text in files.items()}
        return [
            text.removeprefix("tenants/acme.yaml:")
            for text in problems({"tenants/acme.yaml": tenant, "plans/small.yaml": PLAN, **named})
        ]

    return check


def test_terms_of_a_plan_are_a_tenants(project):
    root = project(
        {
            "tenants/acme.yaml": "tenant: acme\nname: Acme\nplan: small\nterms: {charges: {sms: {included: 7}}}\n",
            "plans/small.yaml": PLAN,
        }
    )
    charge = load(root).tenants["acme"].terms.charges["sms"]
    assert (charge.included, charge.label) == (7, "Texts")


def test_a_layer_that_sets_the_strategy_starts_the_charge_anew(project):
    lines = "terms: {charges: {sms: {label: T, strategy: dynamic, quantity: count, bands: [{margin_percent: 3}]}}}\n"
    root = project({"tenants/acme.yaml": f"tenant: acme\nname: Acme\nplan: small\n{lines}", "plans/small.yaml": PLAN})
    charge = load(root).tenants["acme"].terms.charges["sms"]
    assert isinstance(charge, Dynamic)


def test_null_removes_an_inherited_charge(project):
    root = project(
        {
            "tenants/acme.yaml": "tenant: acme\nname: Acme\nplan: small\nterms: {charges: {sms: null}}\n",
            "plans/small.yaml": PLAN,
        }
    )
    assert load(root).tenants["acme"].terms.charges == {}


def test_a_setting_named_strategy_elsewhere_is_no_tag(project):
    root = project(
        {
            "tenants/acme.yaml": "tenant: acme\nname: Acme\nplan: small\nlabels: {strategy: a}\n",
            "plans/small.yaml": f"labels: {{strategy: b, c: d}}\n{PLAN}",
        }
    )
    assert load(root).tenants["acme"].labels == {"strategy": "a", "c": "d"}


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("terms: {charges: {sms: {margin_percent: 3}}}\n", "4:25: terms.charges.sms.margin_percent: 'margin_percent' is a key of strategy fixed, and strategy: tiers_with_overage stands at plans/small.yaml:5:35; remove it, or change the strategy here"),
        ("terms: {charges: {sms: {strategy: tier, label: T}}}\n", "4:35: terms.charges.sms: expected fixed, dynamic, tiers, tiers_with_overage or credits, found text 'tier'; did you mean 'tiers'?"),
        ("terms: {charges: {pv: {label: T}}}\n", "4:19: terms.charges.pv: the key 'strategy' is missing: write fixed, dynamic, tiers, tiers_with_overage or credits, here or in a layer below"),
        ("terms: {charges: {pv: {label: T, strategy: fixed}}}\n", "4:44: terms.charges.pv: needs exactly one of margin_percent, markup_percent and price"),
        ("terms: {charges: {pv: {label: T, strategy: fixed, markup_percent: 1, price: 1}}}\n", "4:44: terms.charges.pv: needs exactly one of margin_percent, markup_percent and price"),
        ("terms: {charges: {pv: {label: T, strategy: fixed, margin_percent: 100}}}\n", "4:67: terms.charges.pv.margin_percent: must be below 100: a margin is a share of the price, and cost ÷ (1 − margin) has no value at 100"),
        ("terms: {charges: {pv: {label: T, strategy: fixed, price: -1}}}\n", "4:58: terms.charges.pv.price: must not be negative"),
        ("terms: {charges: {pv: {label: T, strategy: fixed, price: 0.0000000001}}}\n", "4:58: terms.charges.pv.price: has more than 9 decimals"),
        ("terms: {charges: {pv: {label: T, strategy: fixed, price: 1}}}\n", "4:23: terms.charges.pv: units are counted here; add `quantity: count` (events) or `quantity: usage` (what Twilio bills)"),
        ("terms: {charges: {pv: {label: T, strategy: dynamic, quantity: count, bands: [{next: 3, margin_percent: 5}]}}}\n", "4:77: terms.charges.pv: nothing is said of units above the last band; leave out its `next`"),
        ("terms: {charges: {pv: {label: T, strategy: dynamic, quantity: count, bands: [{margin_percent: 5}, {margin_percent: 5}]}}}\n", "4:77: terms.charges.pv: only the last band may leave out `next`"),
        ("terms: {charges: {pv: {label: T, strategy: tiers, included: 3, quantity: count, usage_categories: [pv, mms]}}}\n", "4:99: terms.charges.pv.usage_categories: covers 2 categories; add `quantity_of` with those whose units are counted"),
        ("terms: {charges: {pv: {label: T, strategy: tiers, included: 3, quantity: count, quantity_of: [mms]}}}\n", "4:94: terms.charges.pv.quantity_of: 'mms' is not among the usage_categories that this charge covers"),
        (f"terms: {{charges: {{texts: {{{SMS}, usage_categories: [sms]}}}}}}\n", "4:106: terms.charges.texts.usage_categories: 'sms' stands at plans/small.yaml:5:5 too; its cost would count twice, so remove one of them"),
        (f"terms: {{charges: {{texts: {{{SMS}, usage_categories: [sms-inbound]}}}}}}\n", "4:106: terms.charges.texts.usage_categories: 'sms' contains 'sms-inbound' ('sms' stands at plans/small.yaml:5:5); its cost would count twice, so remove one"),
        ("terms: {absorbed: [sms-outbound-longcode]}\n", "4:19: terms.absorbed: 'sms' contains 'sms-outbound-longcode' ('sms' stands at plans/small.yaml:5:5); its cost would count twice, so remove one"),
        ('terms: {absorbed: ["*"]}\n', '4:19: terms.absorbed: must name categories; "*" would hide every cost that no charge covers'),
        ('terms: {charges: {"*": {label: R, strategy: tiers}}}\n', '4:45: terms.charges.*.strategy: "*" is what is left of totalprice, which has no units; use strategy fixed with a margin or mark-up'),
        ('terms: {charges: {"*": {label: R, strategy: fixed, markup_percent: 1, quantity: count}}}\n', '4:81: terms.charges.*.quantity: "*" is what no other charge covers; remove this key'),
        ("terms: {currency: USD}\n", "4:19: terms.currency: must be an ISO 4217 currency in lower case, such as usd or eur"),
        ("terms: {discount: {percent: 101}}\n", "4:29: terms.discount.percent: must be 100 or less"),
        ("billed_from: '2026-03-02'\nbilled_until: '2026-03-01'\n", "5:15: billed_until is before billed_from, 2026-03-02; correct one of them"),
        ("billed_until: '2026-02-01'\nterms: {fees: {setup: {amount: 1, once: '2026-03-01'}}}\n", "5:41: warning: terms.fees.setup.once: lies in no month that is billed (billed_from, billed_until), so it is never charged"),
        ("amendments: [{from: '2026-03-16', plan: smal, reason: X}]\n", "4:41: amendments[0].plan: the plan 'smal' does not exist; did you mean 'small'?"),
        ("amendments: [{from: '2026-03-16', reason: X}]\n", "4:21: amendments[0]: needs exactly one of plan and terms"),
        ("amendments: [{from: '2026-03-16', terms: {fees: {bas: 1}}, reason: X}]\n", "4:50: amendments[0].terms.fees.bas: unknown key; did you mean 'base'?"),
        ("amendments: [{from: '2026-03-16', terms: {charges: {mms: {label: M, strategy: fixed, price: 1}}}, reason: X}]\n", "4:14: amendments[0]: makes terms with a mistake at tenants/acme.yaml:4:58 (charges.mms: units are counted here; add `quantity: count` (events) or `quantity: usage` (what Twilio bills))"),
        ("billed_from: '2026-03-16'\namendments: [{from: '2026-03-16', terms: {fees: {base: 1}}, reason: X}]\n", "5:21: amendments[0].from: is not after billed_from, 2026-03-16; change terms themselves, or the day"),
        ("billed_until: '2026-03-16'\namendments: [{from: '2026-03-17', terms: {fees: {base: 1}}, reason: X}]\n", "5:21: amendments[0].from: is after billed_until, 2026-03-16, so it changes nothing"),
        ("amendments:\n  - {from: '2026-03-16', terms: {fees: {base: 1}}, reason: X}\n  - {from: '2026-03-16', terms: {fees: {base: 2}}, reason: X}\n", "6:12: amendments[1].from: must be after the amendment before it, 2026-03-16; sort them by day"),
    ],
)  # fmt: skip
def test_a_contradiction_is_one_sentence_at_its_place(terms_problems, lines, problem):
    assert terms_problems(lines) == [problem]


def test_an_amendment_needs_terms(acme_problems):
    lines = "amendments: [{from: '2026-03-16', terms: {fees: {base: 1}}, reason: X}]\n"
    assert acme_problems(lines) == [
        "3:13: amendments change terms, and there are none; write terms, here or in a layer"
    ]


@pytest.mark.parametrize("key", ["billed_from: '2026-03-01'", "billed_until: '2026-03-01'", "amendments: []"])
def test_keys_of_tenants_are_refused_in_a_layer(terms_problems, key):
    [problem] = terms_problems("", plans_medium=f"{key}\n")
    assert problem.startswith("plans/medium.yaml:1:1: ")
    assert "only tenants may have it" in problem


def test_a_charge_without_units_needs_no_quantity(project):
    lines = "terms: {charges: {pv: {label: V, strategy: fixed, markup_percent: 5}}}\n"
    root = project({"tenants/acme.yaml": f"tenant: acme\nname: Acme\nplan: small\n{lines}", "plans/small.yaml": PLAN})
    charge = load(root).tenants["acme"].terms.charges["pv"]
    assert isinstance(charge, Fixed)
