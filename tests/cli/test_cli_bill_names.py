"""`tenantry bill` for whom: names of tenants and customers, months, and amounts that no ledger keeps."""

import json
from datetime import UTC, datetime

import pytest
from billing_world import BillingWorld

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.statements import list_statements
from tenantry.ledger.values import StackRef

ELM = {"customers/elm.yaml": "customer: elm\nname: Elm\nstatement: together\n"}
TERMS = (
    "terms: {currency: usd, fees: {base: 49.99}, charges: {sms: {label: Texts, strategy: tiers_with_overage, "
    "quantity: count, included: 100, overage_price: 0.50}}}\n"
)


@pytest.fixture
def world(tmp_path):
    address = SqliteAddress(tmp_path / "ledger.db")
    make_ledger(address)
    world = BillingWorld(tmp_path, address)
    tenants = {
        f"tenants/{slug}.yaml": f"tenant: {slug}\nname: {slug}\ncustomer: {customer}\n{TERMS}"
        for slug, customer in (("north", "elm"), ("south", "elm"), ("oak", "oak"))
    }
    world.repository.commit("2026-03-01T00:00:00Z", {**ELM, **tenants})
    with world.fake:
        for slug in ("north", "south", "oak"):
            world.make_account(slug)
        yield world


def close_statements(world):
    with open_ledger(world.address) as ledger:
        return sorted(found.owner.customer for found in list_statements(ledger, StackRef(world.fake.account_sid)))


@pytest.mark.parametrize(("before", "after"), [("together", "each"), ("each", "together")])
def test_a_customer_may_change_how_its_tenants_are_billed(world, before, after):
    elm = {"customers/elm.yaml": f"customer: elm\nname: Elm\nstatement: {before}\n"}
    world.repository.commit("2026-03-01T00:00:00Z", elm)
    elm = {"customers/elm.yaml": f"customer: elm\nname: Elm\nstatement: {after}\n"}
    world.repository.commit("2026-03-20T00:00:00Z", elm)
    assert world.bill("--close", "--only", "elm", month="2026-04").exit_code == 2
    world.close("2026-03")
    assert world.bill("--close", "--only", "elm", month="2026-04").exit_code == 0


def test_a_tenant_that_a_closed_statement_lacks_is_named(world):
    world.repository.commit("2026-04-02", {"tenants/south.yaml": _south('billed_until: "2026-02-28"\n')})
    world.close("2026-03")
    world.repository.commit("2026-04-03", {"tenants/south.yaml": _south()})
    done = world.bill("--only", "elm")
    assert "OWL-2026-000001 was closed without south; to bill that, make it void" in done.stdout


def _south(lines=""):
    return f"tenant: south\nname: south\ncustomer: elm\n{lines}{TERMS}"


@pytest.mark.parametrize("name", ["north", "south", "elm"])
def test_a_statement_for_all_tenants_is_never_closed_for_some(world, name):
    done = world.bill("--close", "--only", name, "--format", "json")
    [statement] = json.loads(done.stdout)["statements"]
    assert (done.exit_code, statement["customer"], statement["total"], close_statements(world)) == (
        0,
        "elm",
        "99.98",
        ["elm"],
    )


def test_names_that_nobody_has_are_told_all_at_once(world):
    done = world.bill("--close", "--only", "elm,nort,oakk")
    assert (done.exit_code, done.stdout, close_statements(world)) == (1, "", [])
    assert done.stderr.splitlines() == [
        "There is no tenant or customer 'nort'; did you mean 'north'?",
        "There is no tenant or customer 'oakk'; did you mean 'oak'?",
        "No statement was made.",
    ]


def test_a_tenant_that_is_gone_can_be_named(world):
    world.repository.commit("2026-03-20T00:00:00Z", {"tenants/oak.yaml": None})
    done = world.bill("--only", "oak", "--format", "json")
    assert [row["customer"] for row in json.loads(done.stdout)["statements"]] == ["oak"]


def test_a_month_that_has_not_begun_is_an_error(world):
    done = world.bill(month=f"{datetime.now(UTC).year + 1}-12")
    assert (done.exit_code, done.stdout, "has not begun" in done.stderr) == (1, "", True)


def test_a_statement_too_large_to_keep_stops_no_other(world):
    row = {"day": "2026-03-05", "category": "sms", "count": 90_000_000_000, "usage": 90_000_000_000, "price": "1"}
    world.use("oak", [row])
    done = world.bill("--close", "--format", "json")
    problems = [problem["code"] for found in json.loads(done.stdout)["statements"] for problem in found["problems"]]
    assert (done.exit_code, problems, close_statements(world)) == (2, ["too_large"], ["elm"])


def test_an_adjustment_too_large_to_keep_is_refused(world):
    done = world.run("bill", "adjust", "oak", "--amount", "9" * 25, "--reason", "r", "--ref", "r")
    assert (done.exit_code, "is too large" in done.stderr, "Nothing was written" in done.stderr) == (1, True, True)


def test_purchases_that_are_not_utf_8_are_refused(world, tmp_path):
    (tmp_path / "bought.csv").write_bytes(b"\xff\xfet\x00")
    done = world.run("credits", "import", str(tmp_path / "bought.csv"))
    assert (done.exit_code, "is not UTF-8" in done.stderr) == (1, True)


def test_a_folder_that_cant_be_written_closes_nothing(world, tmp_path):
    (tmp_path / "file").touch()
    done = world.bill("--close", "--out", str(tmp_path / "file" / "march"))
    assert (done.exit_code, "No statement was made" in done.stderr, close_statements(world)) == (1, True, [])


@pytest.mark.parametrize(
    "arguments",
    [
        ("bill", "adjust", "oak", "--amount", "1", "--reason", "r", "--ref", ""),
        ("bill", "adjust", "oak", "--amount", "1", "--reason", " ", "--ref", "r"),
        ("bill", "void", "OWL-2026-000001", "--reason", ""),
        ("credits", "add", "oak", "sms", "p1", "--on", "2026-03-05", "--ref", ""),
    ],
)
def test_what_is_kept_for_good_is_not_empty(world, arguments):
    done = world.run(*arguments)
    assert (done.exit_code, "it is empty; nothing was written" in done.stderr) == (1, True)


def test_a_month_in_which_nobody_is_billed_says_whom_it_passed_over(world):
    later = f'tenant: oak\nname: oak\n{TERMS}billed_from: "2026-04-01"\n'
    world.repository.commit("2026-04-01", {"tenants/oak.yaml": later})
    done = world.bill("--only", "oak")
    assert (done.exit_code, "No day of the month is billed for oak" in " ".join(done.stdout.split())) == (0, True)


def test_a_statement_that_no_later_one_follows_is_noted(world):
    world.close("2026-03")
    split_file = {"customers/elm.yaml": "customer: elm\nname: Elm\nstatement: each\n"}
    world.repository.commit("2026-03-20T00:00:00Z", split_file)
    notes = json.loads(world.bill("--format", "json", month="2026-04").stdout)["notes"]
    assert ["(elm, 2026-03) is not read again" in note for note in notes] == [True]
    assert json.loads(world.bill("--format", "json", month="2026-06").stdout)["notes"] == []


def test_a_manifest_that_is_gone_is_billed_with_a_note(world):
    world.repository.commit("2026-03-20", {"tenants/oak.yaml": None})
    done = world.bill("--close", "--only", "oak", "--format", "json")
    [row] = json.loads(done.stdout)["statements"]
    assert (done.exit_code, row["total"]) == (0, "49.99")
    assert row["notes"][0].startswith("oak: its manifest is gone, so it is billed up to the month's last day")


def test_a_manifest_and_an_account_that_are_gone_say_what_to_write(world):
    fir = {"tenants/fir.yaml": f"tenant: fir\nname: Fir\n{TERMS}"}
    world.repository.commit("2026-03-01T00:00:00Z", fir)
    commit = world.repository.git("rev-parse", "HEAD")[:12]
    world.repository.commit("2026-03-20", {"tenants/fir.yaml": None})
    done = world.bill("--close", "--format", "json", "--only", "fir")
    [problem] = json.loads(done.stdout)["statements"][0]["problems"]
    assert (done.exit_code, problem["code"]) == (2, "not_available")
    assert all(word in problem["sentence"] for word in (commit, "account: {adopt: AC…}", "billed_until", "released"))
