"""Rules about terms in a whole project: places in layers, plans and customers' files, and what a waiver lifts."""

import pytest
from rule_cases import BASE
from rule_table_terms import SMALL, TIERS, monthly, plan, triggers

from tenantry.reports.validate.as_text import as_text

DEFAULTS = BASE.partition("plan: small\n")[2]
ACME = "tenant: acme\nname: Acme Dental\nplan: small\n"
BIRCH = ACME.replace("acme", "birch")
MEDIUM = f"terms: {plan(59.99, 200)}"
FILES = {"defaults.yaml": DEFAULTS, "tenants/acme.yaml": ACME, "plans/small.yaml": SMALL}
WAIVER = "{reason: a pilot, owner: ana@owl.example, until: '2027-01-31'}\n"


@pytest.fixture
def violations(judge):
    """Return what the rules find in a project with these files, as `place rule: sentence`."""

    def check(files: dict[str, str | None]) -> list[str]:
        return [
            f"{violation.place} {violation.rule.id}: {violation.sentence}"
            for violation in judge({**FILES, **files}).counting
        ]

    return check


def test_a_trigger_that_differs_from_an_allowance_is_at_both_places(violations):
    assert violations({"plans/small.yaml": TIERS, "tenants/acme.yaml": ACME + triggers(monthly(90))}) == [
        "tenants/acme.yaml:4:87 trigger-matches-allowance: fires at 90 units a month, and 100 are included "
        "(terms.charges.sms.included stands at plans/small.yaml:1:83)"
    ]


def test_the_next_plan_is_compared_with_what_defaults_and_it_say(violations):
    files = {"plans/small.yaml": SMALL + triggers(monthly()), "plans/medium.yaml": MEDIUM}
    assert violations(files) == [
        "plans/small.yaml:1:137 overage-beats-next-tier: from 121 units a month on the plan medium is cheaper: "
        "it costs 59.99 with 200 units included, and 121 units cost 60.49 here"
    ]


@pytest.mark.parametrize(
    "medium",
    [
        "terms: {fees: {base: 59.99}, charges: {sms: {included: 200}}}\n",  # not whole: only tenants bring the charge
        MEDIUM.replace("quantity: count, ", ""),
        "labels: {tier: medium}\n",
        "terms: [\n",
    ],
)
def test_a_plan_without_whole_terms_is_compared_with_nothing(violations, medium):
    files = {"plans/small.yaml": SMALL + triggers(monthly()), "plans/medium.yaml": medium}
    assert violations(files) == []


def test_a_waiver_accepts_the_price_for_one_tenant(judge):
    files = {
        "plans/small.yaml": SMALL + triggers(monthly()),
        "plans/medium.yaml": MEDIUM,
        "tenants/birch.yaml": BIRCH,
        "waivers/acme.yaml": f"overage-beats-next-tier: {WAIVER}",
    }
    found = judge({**FILES, **files})
    assert [violation.tenant for violation in found.counting] == ["birch"]
    assert found.summary == "2 tenants, 0 errors, 1 warning, 1 waived"


def test_the_discount_of_a_customers_file_is_told_at_its_place(violations):
    customer = "customer: elm\nname: Elm\nterms: {discount: {percent: 30}}\n"
    files = {
        "plans/small.yaml": None,
        "defaults.yaml": DEFAULTS,
        "tenants/acme.yaml": f"{ACME}customer: elm\n".replace("plan: small\n", ""),
        "customers/elm.yaml": customer,
    }
    assert violations(files) == [
        "customers/elm.yaml:3:29 discount-limit: is 30, and 20 is the highest allowed",
    ]


def test_tenants_that_show_different_sentences_at_one_line_are_told_apart(judge):
    files = {
        "defaults.yaml": DEFAULTS.replace("  spend:", f"  {monthly(90)}\n  spend:"),
        "plans/small.yaml": TIERS,
        "plans/large.yaml": TIERS.replace("100", "300"),
        "tenants/birch.yaml": BIRCH.replace("small", "large"),
        "tenants/cedar.yaml": BIRCH.replace("birch", "cedar").replace("small", "large"),
    }
    lines = as_text(judge({**FILES, **files})).splitlines()[:2]
    assert [line.partition("; ")[0].rpartition("month, and ")[2] for line in lines] == [
        "100 are included (terms.charges.sms.included stands at plans/small.yaml:1:83)",
        "300 are included (terms.charges.sms.included stands at plans/large.yaml:1:83)",
    ]
    assert ["(in acme)" in lines[0], "(in birch, cedar)" in lines[1]] == [True, True]


@pytest.mark.parametrize("cost", ["0.0079", "'-1'", "''", "'1e3'", "'0.0000000001'", "'0,5'", "'٣'", "[]"])
def test_a_cost_without_quotes_is_reported_with_its_place(judge, cost):
    found = judge({"policies/config.yaml": f"rules: {{price-below-cost: {{costs: {{sms: {cost}}}}}}}\n"})
    assert [str(problem).split(": ")[1] for problem in found.files.problems] == ["rules.price-below-cost.costs.sms"]
