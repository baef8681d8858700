"""The golden cases as a git history: what it says is in force rates to the same cent."""

from dataclasses import replace

import pytest
from dated_repository import DatedRepository
from golden_cases import NAMES, GoldenCase, read_case

from tenantry.manifest.load import load
from tenantry.operations.billing.in_force import TenantTerms, read_terms
from tenantry.operations.billing.rating.rate_statement import rate_statement
from tenantry.operations.billing.rating.values.customer_statement import make_customer_statement
from tenantry.operations.billing.rating.values.inputs import BilledCustomer, TenantMonth

RATED = [name for name in NAMES if "total" in read_case(name).expect]
INVALID = [name for name in NAMES if "invalid" in read_case(name).expect]


def _repository(case: GoldenCase, tmp_path) -> DatedRepository:
    repository = DatedRepository(tmp_path / "owl")
    repository.commit("2026-01-01", {"tenantry.yaml": "format: 1\n"})
    for at, files in case.commits():
        repository.commit(at, files)
    return repository


def _in_force(month: TenantMonth, found: TenantTerms) -> TenantMonth:
    dates = {"billed_from": found.billed_from, "billed_until": found.billed_until}
    return replace(month, name=found.tenant.name, terms=found.terms, commit=found.commit.id, **dates)


def _customer(found: TenantTerms) -> BilledCustomer:
    file = found.customer
    if file is None:
        return BilledCustomer(found.tenant.tenant, found.tenant.name)
    return BilledCustomer(file.customer, file.name, file.statement == "together", file.terms)


@pytest.mark.parametrize("name", RATED)
def test_a_golden_history_rates_to_the_golden_total(name, tmp_path):
    case = read_case(name)
    found = read_terms(_repository(case, tmp_path).root, None, case.period, "main")
    assert found.problems == ()
    months = [_in_force(month, found.tenants[month.tenant]) for month in case.months()]
    statement = make_customer_statement(rate_statement(_customer(found.tenants[months[0].tenant]), months))
    assert statement.total == case.expect["total"]
    lines = [*(line for section in statement.sections for line in section.lines), *statement.lines]
    assert [line.amount for line in lines] == [line["amount"] for line in case.expect["lines"]]


@pytest.mark.parametrize("name", INVALID)
def test_a_golden_mistake_is_found_by_validation(name, tmp_path):
    case = read_case(name)
    errors = load(_repository(case, tmp_path).root, None).errors
    assert any(case.expect["invalid"] in str(error) for error in errors)
