"""The golden statements, whole: git history, the fake's usage records, the ledger on each database, the command."""

import json
from decimal import Decimal

import pytest
from billing_world import BillingWorld, play
from golden_cases import NAMES, read_case

CASES = {name: read_case(name) for name in NAMES}
CLOSED = [name for name, case in CASES.items() if "total" in case.expect and "refusals" not in case.expect]
REFUSED = [name for name, case in CASES.items() if "refusals" in case.expect]
UNAVAILABLE = [name for name, case in CASES.items() if case.expect.get("problems") == ["not_available"]]
HINTED = [name for name, case in CASES.items() if case.expect.get("hints")]
CORRECTED = [name for name, case in CASES.items() if "correction" in case.expect]


@pytest.fixture
def world(tmp_path, address):
    world = BillingWorld(tmp_path, address)
    with world.fake:
        yield world


def lines_of(document) -> list[dict[str, object]]:
    """Return the lines of a document as golden cases write them, with exact numbers."""
    lines = [*(line for section in document["sections"] for line in section["lines"]), *document["lines"]]
    return [{key: exact(key, value) for key, value in line.items() if value not in (None, "")} for line in lines]


def exact(key: str, value: str) -> object:
    return Decimal(value) if key in ("quantity", "unit_price", "amount") else value


@pytest.mark.parametrize("name", CLOSED)
def test_a_golden_month_closes_with_its_lines_and_total(world, name):
    case = CASES[name]
    play(case, world)
    [document] = world.close(case.data["month"])
    assert (document["number"], document["status"]) == (f"OWL-{case.data['month'][:4]}-000001", "closed")
    assert Decimal(document["total"]) == case.expect["total"]
    assert lines_of(document) == list(case.expect["lines"])


@pytest.mark.parametrize("name", CLOSED[:3])
def test_a_closed_month_is_the_same_bytes_again(world, name):
    case = CASES[name]
    play(case, world)
    world.close(case.data["month"])
    arguments = ("--close", "--for", "customer", "--format", "json")
    again = [world.bill(*arguments, month=case.data["month"]).stdout for _ in range(2)]
    assert again[0] == again[1]
    assert json.loads(again[0])[0]["number"].endswith("-000001")


@pytest.mark.parametrize("name", HINTED)
def test_a_draft_has_the_hints_that_no_customer_sees(world, name):
    case = CASES[name]
    play(case, world)
    [statement] = json.loads(world.bill("--format", "json", month=case.data["month"]).stdout)["statements"]
    assert statement["statement"]["hints"] == case.expect["hints"]
    hints = [f"hint: {hint}" for hint in case.expect["hints"]]
    assert all(hint in world.bill(month=case.data["month"]).stdout for hint in hints)
    customers = world.bill("--for", "customer", "--format", "json", month=case.data["month"]).stdout
    assert not any(hint in customers for hint in case.expect["hints"])


@pytest.mark.parametrize("name", REFUSED)
def test_a_cost_that_nobody_covers_is_drafted_and_not_closed(world, name):
    case = CASES[name]
    play(case, world)
    draft = json.loads(world.bill("--for", "customer", "--format", "json").stdout)[0]
    assert (draft["status"], Decimal(draft["total"])) == ("draft", case.expect["total"])
    refused = world.bill("--close", "--format", "json")
    [statement] = json.loads(refused.stdout)["statements"]
    assert (refused.exit_code, [problem["code"] for problem in statement["problems"]]) == (2, case.expect["refusals"])


@pytest.mark.parametrize("name", UNAVAILABLE)
def test_usage_that_is_not_available_closes_nothing(world, name):
    case = CASES[name]
    play(case, world)
    done = world.bill("--close", "--format", "json")
    [statement] = json.loads(done.stdout)["statements"]
    assert (done.exit_code, statement["status"], statement["number"]) == (2, "refused", None)
    assert [problem["code"] for problem in statement["problems"]] == ["not_available"]


@pytest.mark.parametrize("name", CORRECTED)
def test_usage_read_again_is_a_correction_on_the_next_statement(world, name):
    case = CASES[name]
    play(case, world)
    world.close()
    for slug, records in case.data["read_again"].items():
        world.use(slug, records)
    [document] = world.close("2026-04")
    carried = [line for line in lines_of(document) if line["kind"] == "correction"]
    expected = case.expect["correction"]["lines"]
    assert [(line["label"], line["amount"]) for line in carried] == [(row["label"], row["amount"]) for row in expected]
    assert sum(line["amount"] for line in carried) == case.expect["correction"]["total"]
