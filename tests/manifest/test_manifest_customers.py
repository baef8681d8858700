"""Customers of several tenants: one file each, and what must hold between it and the tenants."""

# ruff: noqa: E501  a message is shown whole, in the line of what it is about

import pytest

from tenantry.manifest.check import check
from tenantry.manifest.load import load
from tenantry.model.statement_number import number_series, write_number

ELM = "customer: elm\nname: Elm Group\nstatement: together\n"
TENANT = "tenant: {slug}\nname: {slug}\ncustomer: elm\nterms: {{currency: {currency}{more}}}\n"


def tenants(**more: str) -> dict[str, str]:
    return {f"tenants/{slug}.yaml": TENANT.format(slug=slug, currency="usd", more=text) for slug, text in more.items()}


def test_a_customers_file_is_read(project):
    root = project({"customers/elm.yaml": f"{ELM}ids: {{stripe: cus_Elm1}}\n", **tenants(a="", b="")})
    customer = load(root).customers["elm"].customer
    assert (customer.name, customer.statement, customer.ids.stripe) == ("Elm Group", "together", "cus_Elm1")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("customer: elm\nname: E\nstatment: each\n", "3:1: statment: unknown key; did you mean 'statement'?"),
        (
            "customer: oak\nname: E\n",
            "1:11: customer: 'oak' differs from the name of its file, elm.yaml; rename one of them",
        ),
        ("customer: elm\nname: E\nterms: {fees: {base: 1}}\n", "3:9: terms.fees: unknown key"),
        (
            "customer: elm\nname: E\nids: {stripe: acct_1}\n",
            "3:15: ids.stripe: must be the id of a Stripe customer: cus_ and letters or digits",
        ),
        (
            "customer: elm\nname: E\nterms: {discount: null}\n",
            "3:19: terms.discount: null removes nothing: nothing is inherited here",
        ),
    ],
)
def test_a_mistake_in_a_customers_file_has_its_place(problems, text, problem):
    assert problems({"customers/elm.yaml": text, **tenants(a="")}) == [f"customers/elm.yaml:{problem}"]


@pytest.mark.parametrize(
    ("key", "value", "column"), [("discount", "{percent: 5}", 34), ("minimum", "9", 33), ("tax", "external", 29)]
)
def test_what_stands_once_on_a_shared_statement_belongs_to_the_customer(problems, key, value, column):
    found = problems({"customers/elm.yaml": ELM, **tenants(a=f", {key}: {value}", b="")})
    assert found == [
        f"tenants/a.yaml:4:{column}: terms.{key}: 'elm' gets one statement for all its tenants (customers/elm.yaml:3:12), on whose sum this stands once; move `{key}` to terms in customers/elm.yaml"
    ]


def test_a_customers_own_value_replaces_the_tenants(problems):
    files = {"customers/elm.yaml": f"{ELM}terms: {{discount: {{percent: 5}}}}\n"}
    assert problems({**files, **tenants(a=", discount: {percent: 9}", b="")}) == []


def test_two_currencies_on_one_statement_are_an_error(problems):
    files = {"customers/elm.yaml": ELM, **tenants(a="")}
    files["tenants/b.yaml"] = TENANT.format(slug="b", currency="eur", more="")
    assert problems(files) == [
        "tenants/b.yaml:4:19: terms.currency: is eur, and that of 'a' is usd (tenants/a.yaml:4:19); 'elm' gets one statement for both, in one currency"
    ]


def test_a_customer_without_a_tenant_is_a_warning(project):
    root = project({"customers/elm.yaml": ELM})
    assert [str(problem) for problem in check(root).problems] == [
        "customers/elm.yaml:1:11: warning: customer: no tenant has `customer: elm`, and none is called so; remove the file, or name it there"
    ]


def test_a_folder_of_customers_in_another_case_is_found(problems):
    assert problems({"Customers/elm.yaml": ELM}) == ["Customers:1:1: is not read: rename it to customers"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ("OWL", "needs one {sequence:06}, with its width in digits, such as OWL-{year}-{sequence:06}"),
        ("{sequence}", "needs one {sequence:06}, with its width in digits, such as OWL-{year}-{sequence:06}"),
        ("{yaer}-{sequence:06}", "has {yaer}; only {stack}, {year} and {sequence:06} may stand here"),
        (
            "{sequence:06}-{sequence:06}",
            "needs one {sequence:06}, with its width in digits, such as OWL-{year}-{sequence:06}",
        ),
        ("A {sequence:06}", "must be one word, without blanks and single braces"),
    ],
)
def test_the_form_of_a_number_is_checked(problems, form, sentence):
    found = problems({"tenantry.yaml": f'format: 1\nstatements: {{number: "{form}"}}\n'})
    assert found == [f"tenantry.yaml:2:22: statements.number: {sentence}"]


def test_a_number_has_its_series_and_its_width():
    series = number_series("OWL-{stack}-{year}-{sequence:06}", year=2026, stack="eu")
    assert [write_number(series, count) for count in (1, 1234567)] == ["OWL-eu-2026-000001", "OWL-eu-2026-1234567"]
