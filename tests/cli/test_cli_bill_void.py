"""A month whose statement was made void is open again: nobody forgets it, and it is closed before what comes after."""

import json
from datetime import UTC, datetime

import pytest
from billing_world import BillingWorld

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.check import find_problems
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.model.usage_period import UsagePeriod, last_whole_month, month_before

FEE = "terms: {currency: usd, fees: {base: 49.99}}\n"
CREDITS = (
    "terms: {currency: usd, charges: {sms: {label: Texts, strategy: credits, quantity: count, "
    "when_empty: {price: 0.5}, packs: {p1: {credits: 10, units: 100, price: 5, days: 365}}}}}\n"
)
THIRD: UsagePeriod = month_before(last_whole_month(datetime.now(UTC)))
SECOND = month_before(THIRD)
FIRST = month_before(SECOND)
"""Over, and not so long ago that one is read again: what a later statement corrects can't be made void before that."""
NUMBER = f"OWL-{FIRST.first.year}-000001"
AGAIN = f"{FIRST.first:%Y-%m} is open again, since {NUMBER} was made void"
CLOSE = f"tenantry bill --month {FIRST.first:%Y-%m} --close"


@pytest.fixture
def world(tmp_path):
    address = SqliteAddress(tmp_path / "ledger.db")
    make_ledger(address)
    world = BillingWorld(tmp_path, address)
    project = world.repository.root / "tenantry.yaml"
    text = project.read_text().replace("ignore_corrections_below: 0.05", "read_again_after_days: 365")
    world.repository.commit("2026-01-02", {"tenantry.yaml": text})
    with world.fake:
        yield world


def write(world, lines=FEE, at=FIRST):
    instant = f"{at.first}T00:00:00Z"
    world.repository.commit(instant, {"tenants/acme.yaml": f"tenant: acme\nname: Acme\n{lines}"})
    if "acme" not in world.sids:
        world.make_account("acme")
        world.set_clock(datetime.now(UTC))


def close(world, month):
    return world.close(f"{month.first:%Y-%m}")


def void_first(world):
    """Close two months, and make the statement of the first one void."""
    close(world, FIRST)
    close(world, SECOND)
    done = world.run("bill", "void", NUMBER, "--reason", "wrong plan")
    assert done.exit_code == 0
    return " ".join(done.stdout.split())


def sentences(world, *arguments, month=THIRD):
    """Return the exit code and every sentence about the statements of a month."""
    done = world.bill("--format", "json", *arguments, month=f"{month.first:%Y-%m}")
    found = json.loads(done.stdout)
    rows = [*(problem for row in found["statements"] for problem in row["problems"]), *found["left_out"]]
    notes = [note for row in found["statements"] for note in row["notes"]]
    return done.exit_code, [*(problem["sentence"] for problem in rows), *notes]


def test_a_later_month_waits_for_one_that_is_open_again(world):
    write(world)
    printed = void_first(world)
    assert f"For acme {FIRST.first:%Y-%m} is open again: {CLOSE}" in printed
    (code, [refusal]), (draft_code, [hint]) = sentences(world, "--close"), sentences(world)
    assert (code, draft_code, refusal) == (2, 0, hint)
    assert refusal == f"{AGAIN}; close that first: {CLOSE}"
    [document] = close(world, FIRST)
    assert document["number"] > NUMBER
    assert sentences(world, "--close") == (0, [])


def test_a_closed_month_says_that_one_before_it_is_open_again(world):
    write(world)
    void_first(world)
    code, [note] = sentences(world, month=SECOND)
    assert (code, AGAIN in note) == (0, True)


def test_a_void_month_that_is_not_billed_any_more_holds_nothing_up(world):
    write(world)
    void_first(world)
    write(world, f'{FEE}billed_from: "{SECOND.first}"\n', at=THIRD)
    assert sentences(world, "--close") == (0, [])


def test_an_open_month_of_a_tenant_that_ended_is_not_forgotten(world):
    write(world)
    void_first(world)
    write(world, f'{FEE}billed_until: "{SECOND.last}"\n', at=THIRD)
    code, found = sentences(world, "--close")
    assert (code, [AGAIN in sentence for sentence in found]) == (2, [True])


def test_a_month_closed_anew_uses_no_credits_that_later_months_used(world):
    write(world, CREDITS)
    bought = world.run("credits", "add", "acme", "sms", "p1", "--on", str(FIRST.first), "--ref", "INV-1")
    assert bought.exit_code == 0
    first, second = (
        {"day": str(month.last), "category": "sms", "count": 40, "usage": 40, "price": "0"} for month in (FIRST, SECOND)
    )
    world.use("acme", [first, second])
    void_first(world)
    world.use("acme", [{**first, "count": 70, "usage": 70}, second])
    [document] = close(world, FIRST)
    assert document["total"] == "5.00"  # the second month's 40 of 100 leave 60 for 70
    with open_ledger(world.address) as ledger:
        assert find_problems(ledger) == ()
