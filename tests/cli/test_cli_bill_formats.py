"""`tenantry bill` in its formats as a command: what is printed, which files are written, and what is missing."""

import json

import pytest
from billing_world import BillingWorld, play
from golden_cases import read_case

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import make_ledger


@pytest.fixture
def world(tmp_path):
    """The golden statement 10a: a customer without ids, with two tenants."""
    address = SqliteAddress(tmp_path / "ledger.db")
    make_ledger(address)
    world = BillingWorld(tmp_path, address)
    with world.fake:
        play(read_case("10a"), world)
        yield world


def test_a_page_for_each_customer_is_written(world, tmp_path):
    done = world.bill("--for", "customer", "--format", "html", "--out", str(tmp_path / "out"))
    assert (done.exit_code, [path.name for path in (tmp_path / "out").iterdir()]) == (0, ["elm-2026-03.html"])
    assert done.stdout == f"wrote {tmp_path}/out/elm-2026-03.html\n"


def test_an_export_of_drafts_is_empty_and_says_why(world):
    done = world.bill("--format", "stripe")
    assert (done.exit_code, done.stdout.strip()) == (2, "")
    assert "warning: elm: the statement is not closed, so it is not exported; close it with --close." in done.stderr


def test_an_export_names_the_customer_without_an_id(world):
    world.close()
    done = world.bill("--format", "quickbooks")
    assert (done.exit_code, len(done.stdout.splitlines())) == (2, 1)
    assert "has no id for quickbooks, so OWL-2026-000001 is not exported" in done.stderr


def test_an_id_that_is_written_later_is_used(world):
    world.close()
    file = world.repository.root / "customers/elm.yaml"
    file.write_text(file.read_text().replace('"name"', '"ids": {"stripe": "cus_Elm1"}, "name"'))
    done = world.bill("--format", "stripe")
    items = [json.loads(line)["params"] for line in done.stdout.splitlines()]
    assert (done.exit_code, sum(item["amount"] for item in items)) == (0, 13961)
    assert {item["customer"] for item in items} == {"cus_Elm1"}


def test_a_refusal_is_told_beside_what_is_for_customers(world):
    world.lose_usage("elm-north")
    done = world.bill("--for", "customer", "--format", "json")
    assert (done.exit_code, json.loads(done.stdout)) == (2, [])
    assert "warning: elm-north: no statement; its usage is not available" in done.stderr


def test_usage_of_customers_is_not_for_us(world):
    done = world.bill("--format", "usage")
    assert (done.exit_code, "add --for customer" in done.stderr) == (1, True)


def test_a_folder_that_can_not_be_written_is_named(world, tmp_path):
    (tmp_path / "taken").write_text("a file")
    done = world.bill("--for", "customer", "--out", str(tmp_path / "taken/out"))
    assert (done.exit_code, "Name another folder with --out" in done.stderr) == (1, True)
