"""Terms in force: the branch's first-parent history when the month began, and the amendments of its head."""

import subprocess
from datetime import date
from decimal import Decimal

import pytest
from dated_repository import DatedRepository

from tenantry.manifest.git import GitError
from tenantry.model.usage_period import month_of
from tenantry.operations.billing.in_force import read_terms

MARCH, APRIL = month_of(2026, 3), month_of(2026, 4)
PROJECT = {
    "tenantry.yaml": "format: 1\n",
    "plans/small.yaml": "terms: {currency: usd, fees: {base: 49.99}}\n",
    "plans/medium.yaml": "terms: {currency: usd, fees: {base: 59.99}}\n",
}


def acme(lines: str = "plan: small\n") -> dict[str, str]:
    return {"tenants/acme.yaml": f"tenant: acme\nname: Acme\n{lines}"}


@pytest.fixture
def repository(tmp_path):
    return DatedRepository(tmp_path / "owl")


def fees(repository, period=MARCH):
    found = read_terms(repository.root, None, period, "main")
    return {
        slug: [(dated.first_day, dated.terms.fees.base) for dated in tenant.terms]
        for slug, tenant in found.tenants.items()
    }


def problems(repository, period=MARCH):
    found = read_terms(repository.root, None, period, "main").problems
    return [(problem.code, problem.tenant) for problem in found]


def test_a_merge_in_march_counts_from_april(repository):
    repository.commit("2026-02-10", {**PROJECT, **acme()})
    repository.commit("2026-03-15", acme("plan: medium\n"))
    assert fees(repository) == {"acme": [(date(2026, 3, 1), Decimal("49.99"))]}
    assert fees(repository, APRIL) == {"acme": [(date(2026, 4, 1), Decimal("59.99"))]}


@pytest.mark.parametrize(
    ("at", "base"),
    [
        ("2026-02-28T23:59:59Z", "59.99"),
        ("2026-03-01T00:00:00Z", "59.99"),
        ("2026-03-01T00:00:01Z", "49.99"),
        ("2026-03-01T01:00:00+02:00", "59.99"),
        ("2026-02-28T23:00:00-02:00", "49.99"),
    ],
)
def test_the_month_begins_at_midnight_utc(repository, at, base):
    repository.commit("2026-02-10", {**PROJECT, **acme()})
    repository.commit(at, acme("plan: medium\n"))
    assert fees(repository)["acme"][0][1] == Decimal(base)


def test_a_tenant_that_begins_in_the_month_has_its_first_terms(repository):
    repository.commit("2026-02-10", PROJECT)
    first = repository.commit("2026-03-10", acme())
    repository.commit("2026-03-20", acme("plan: medium\n"))
    found = read_terms(repository.root, None, MARCH, "main").tenants["acme"]
    assert (found.commit.id, found.began, found.terms[0].terms.fees.base) == (first, True, Decimal("49.99"))


def test_a_tenant_that_gets_terms_in_the_month_begins_with_them(repository):
    repository.commit("2026-02-10", {**PROJECT, **acme("")})
    repository.commit("2026-03-20", {"defaults.yaml": "terms: {currency: usd}\n"})
    found = read_terms(repository.root, None, MARCH, "main").tenants["acme"]
    assert (found.began, found.commit.at.day) == (True, 20)


def test_a_tenant_removed_in_the_month_keeps_its_terms(repository):
    repository.commit("2026-02-10", {**PROJECT, **acme()})
    repository.commit("2026-03-20", {"tenants/acme.yaml": None})
    assert fees(repository) == {"acme": [(date(2026, 3, 1), Decimal("49.99"))]}
    assert fees(repository, APRIL) == {}


def test_an_amendment_is_read_from_the_head_and_laid_over(repository):
    repository.commit("2026-02-10", {**PROJECT, **acme()})
    amendment = 'amendments: [{from: "2026-03-16", plan: medium, reason: OWL-5120}]\n'
    repository.commit("2026-05-02", acme(f"plan: small\n{amendment}"))
    assert fees(repository) == {"acme": [(date(2026, 3, 1), Decimal("49.99")), (date(2026, 3, 16), Decimal("59.99"))]}


def test_the_plan_of_an_amendment_is_that_of_the_terms_in_force(repository):
    amendment = 'amendments: [{from: "2026-03-16", plan: medium, reason: X}]\n'
    repository.commit("2026-02-10", {**PROJECT, **acme(f"plan: small\n{amendment}")})
    repository.commit("2026-03-10", {"plans/medium.yaml": "terms: {currency: usd, fees: {base: 99.99}}\n"})
    assert fees(repository)["acme"][1][1] == Decimal("59.99")


def test_an_amendment_after_the_month_changes_nothing(repository):
    amendment = 'amendments: [{from: "2026-04-01", plan: medium, reason: X}]\n'
    repository.commit("2026-02-10", {**PROJECT, **acme(f"plan: small\n{amendment}")})
    assert len(fees(repository)["acme"]) == 1


def test_the_last_billed_day_is_read_from_the_head(repository):
    repository.commit("2026-02-10", {**PROJECT, **acme()})
    repository.commit("2026-03-20", acme('plan: small\nbilled_until: "2026-03-25"\n'))
    assert read_terms(repository.root, None, MARCH, "main").tenants["acme"].billed_until == date(2026, 3, 25)


def test_a_customers_values_are_those_in_force(repository):
    elm = {"customers/elm.yaml": "customer: elm\nname: Elm\nterms: {discount: {percent: 5}}\n"}
    repository.commit("2026-02-10", {**PROJECT, **elm, **acme("customer: elm\nplan: small\n")})
    repository.commit("2026-03-20", {"customers/elm.yaml": "customer: elm\nname: Elm\n"})
    customer = read_terms(repository.root, None, MARCH, "main").tenants["acme"].customer
    assert customer.terms.discount.percent == 5


def test_only_the_first_parent_counts(repository):
    repository.commit("2026-02-10", {**PROJECT, **acme()})
    repository.git("switch", "-qc", "topic")
    repository.commit("2026-02-20", acme("plan: medium\n"))
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "topic", at="2026-03-05")
    assert fees(repository)["acme"][0][1] == Decimal("49.99")
    assert fees(repository, APRIL)["acme"][0][1] == Decimal("59.99")


def test_tenants_without_terms_are_named_with_the_reason(repository):
    repository.commit("2026-02-10", {**PROJECT, **acme(), "tenants/birch.yaml": "tenant: birch\nname: Birch\n"})
    repository.commit("2026-04-10", {"tenants/cedar.yaml": "tenant: cedar\nname: Cedar\nplan: small\n"})
    assert problems(repository) == [("no_terms", "birch"), ("did_not_exist", "cedar")]


@pytest.mark.parametrize(("first", "second"), [("plan: smal\n", "plan: small\n"), ("plan: small\n", "plan: smal\n")])
def test_a_mistake_then_or_now_is_named(repository, first, second):
    repository.commit("2026-02-10", {**PROJECT, **acme(first)})
    repository.commit("2026-04-10", acme(second))
    assert problems(repository) == [("broken_manifest", "acme")]


def test_an_amendment_with_a_mistake_is_named(repository):
    charge = "{charges: {sms: {label: T, strategy: fixed, price: 1}}}"
    repository.commit("2026-02-10", {**PROJECT, **acme()})
    repository.commit(
        "2026-03-10", acme(f'plan: small\namendments: [{{from: "2026-03-16", terms: {charge}, reason: X}}]\n')
    )
    assert problems(repository) == [("broken_manifest", "acme")]


def test_a_shallow_clone_is_an_error(repository, tmp_path):
    repository.commit("2026-02-10", {**PROJECT, **acme()})
    repository.commit("2026-03-10", acme("plan: medium\n"))
    source = f"file://{repository.root}"
    subprocess.run(["git", "clone", "-q", "--depth", "1", source, tmp_path / "shallow"], check=True)
    with pytest.raises(GitError, match="this clone is shallow"):
        read_terms(tmp_path / "shallow", None, MARCH, "main")


def test_a_clone_reads_the_branch_of_origin(repository, tmp_path):
    repository.commit("2026-02-10", {**PROJECT, **acme()})
    repository.git("switch", "-qc", "topic")
    subprocess.run(["git", "clone", "-q", repository.root, tmp_path / "clone"], check=True)
    assert list(read_terms(tmp_path / "clone", None, MARCH, "main").tenants) == ["acme"]


def test_an_unknown_branch_is_an_error(repository):
    repository.commit("2026-02-10", {**PROJECT, **acme()})
    with pytest.raises(GitError, match="there is no branch 'trunk', here or at origin"):
        read_terms(repository.root, None, MARCH, "trunk")


def test_a_project_below_the_top_of_its_repository(repository):
    files = {f"twilio/{name}": text for name, text in {**PROJECT, **acme()}.items()}
    repository.commit("2026-02-10", files)
    repository.root = repository.root / "twilio"
    assert list(fees(repository)) == ["acme"]
