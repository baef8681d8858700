"""The golden statements, through the strategies: every line and every total, to the cent."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from golden_cases import NAMES, GoldenCase, read_case

from tenantry.manifest.yaml.reader import read
from tenantry.manifest.yaml.tree import plain
from tenantry.operations.billing.rating.corrections import correct
from tenantry.operations.billing.rating.hints import add_hints
from tenantry.operations.billing.rating.rate_statement import rate_statement
from tenantry.operations.billing.rating.values.customer_statement import CustomerLine, make_customer_statement
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement
from tenantry.operations.billing.rating.values.margin import compute_margin
from tenantry.operations.billing.rating.values.problems import RatingError

NUMBER = "OWL-2026-000001"
RATED = [name for name in NAMES if "lines" in read_case(name).expect]
REFUSED = [name for name in NAMES if "problems" in read_case(name).expect]
CORRECTED = [name for name in NAMES if "correction" in read_case(name).expect]
_TABLE = "1a 1b 2b 3 4a 5 6 7a 7b 7c 8a 8b 9a 9b 10a 12a 12b 14a 15a 15b 16 17 18"
IDS = frozenset(_TABLE.split())


def _rate(case: GoldenCase) -> InternalStatement:
    return rate_statement(case.customer(), case.months())


def _lines(statement: InternalStatement) -> list[dict[str, Any]]:
    seen = make_customer_statement(statement)
    lines = [*(line for section in seen.sections for line in section.lines), *seen.lines]
    return [_data(line) for line in lines]


def _data(line: CustomerLine) -> dict[str, Any]:
    names = ("kind", "label", "detail", "quantity", "unit_price", "amount")
    return {name: value for name in names if (value := getattr(line, name)) not in (None, "")}


def _check(case: GoldenCase, statement: InternalStatement) -> None:
    assert _lines(statement) == list(case.expect["lines"])
    assert make_customer_statement(statement).total == case.expect["total"]


def test_every_id_of_the_table_is_there():
    assert {name.partition("-")[0] for name in NAMES} == IDS


@pytest.mark.parametrize("name", RATED)
def test_a_golden_statement_has_its_lines_and_total(name):
    case = read_case(name)
    statement = _rate(case)
    _check(case, statement)
    assert [refusal.code for refusal in statement.refusals] == case.expect.get("refusals", [])


@pytest.mark.parametrize("name", RATED)
def test_a_cent_more_in_a_golden_statement_is_seen(name):
    case = read_case(name)
    statement = _rate(case)
    for wrong in _wrong_by_a_cent(case):
        with pytest.raises(AssertionError):
            _check(wrong, statement)


def _wrong_by_a_cent(case: GoldenCase) -> list[GoldenCase]:
    cases = []
    for index in range(-1, len(case.expect["lines"])):
        data = deepcopy(dict(case.data))
        if index < 0:
            data["expect"]["total"] += Decimal("0.01")
        else:
            data["expect"]["lines"][index]["amount"] += Decimal("0.01")
        cases.append(GoldenCase(case.name, data))
    return cases


@pytest.mark.parametrize("name", REFUSED)
def test_a_golden_case_without_a_statement_says_why(name):
    case = read_case(name)
    with pytest.raises(RatingError) as refused:
        _rate(case)
    assert [problem.code for problem in refused.value.problems] == case.expect["problems"]


@pytest.mark.parametrize("name", CORRECTED)
def test_a_golden_correction_takes_it_to_the_figures_read_again(name):
    case = read_case(name)
    closed = _rate(case)
    rerated = rate_statement(case.customer(), case.months("read_again"))
    correction = correct(NUMBER, closed.own_lines, rerated)
    expected = case.expect["correction"]
    found = [(line.label, line.detail, line.quantity, line.unit_price, line.amount) for line in correction.lines]
    assert found == [_correction_line(line) for line in expected["lines"]]
    assert correction.total == expected["total"]
    assert closed.total + correction.total == rerated.total


def _correction_line(line: Any) -> tuple[Any, ...]:
    detail = f"correction of {NUMBER}, {line['detail']}"
    return (line["label"], detail, line.get("quantity"), line.get("unit_price"), line["amount"])


@pytest.mark.parametrize("name", NAMES)
def test_commits_of_a_golden_case_are_manifests_with_the_same_data(name, tmp_path):
    case = read_case(name)
    files = {path: text for _, commit in case.commits() for path, text in commit.items()}
    for path, text in files.items():
        file = tmp_path / path.replace("/", "-")
        file.write_text(text, encoding="utf-8")
        source = read(tmp_path, file)
        assert (source.problems, plain(source.node)) == ((), case.files()[path])


def test_margin_of_a_golden_statement():
    case = read_case("6")
    margin = compute_margin(_rate(case))
    assert (margin.cost, margin.amount) == (case.expect["cost"], case.expect["margin"])
    assert round(margin.percent, 1) == case.expect["margin_percent"]


def test_the_cheaper_plan_is_a_hint_for_us():
    case = read_case("4a-150")
    hints = add_hints(_rate(case), case.other_plans()).hints
    assert list(hints) == case.expect["hints"]


def test_lots_of_the_golden_credits():
    case = read_case("5")
    statement = _rate(case)
    uses = statement.tenants[0].lots
    found = [{"ref": u.lot.ref, "used": u.used, "remaining": u.remaining, "expired": u.expired} for u in uses]
    assert found == case.expect["lots"]
    credit = [(u.lot.credits_of(u.remaining), u.lot.credits_of(u.expired)) for u in uses]
    assert credit == [(row["credits_remaining"], row["expired_credits"]) for row in case.expect["credits"]]
    (section,) = make_customer_statement(statement).sections
    assert sum(bought.price for bought in section.purchases) == case.expect["purchases"]


def test_the_uncovered_cost_of_a_golden_draft():
    case = read_case("17")
    (tenant,) = _rate(case).tenants
    assert dict(tenant.reconciliation.uncovered_categories) == case.expect["uncovered"]
