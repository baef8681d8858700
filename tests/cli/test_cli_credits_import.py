"""`tenantry credits import`: every problem of a file at once, each with its line and column, and nothing written."""

import pytest
from billing_world import BillingWorld

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import make_ledger

HEADER = "tenant,charge,pack,on,expires,ref\n"
TERMS = (
    "terms: {currency: usd, charges: {sms: {label: Texts, strategy: credits, quantity: count, when_empty: stop, "
    "packs: {p1: {credits: 10, units: 100, price: 5, days: 365}}}}}\n"
)


@pytest.fixture
def world(tmp_path):
    address = SqliteAddress(tmp_path / "ledger.db")
    make_ledger(address)
    world = BillingWorld(tmp_path, address)
    world.repository.commit("2026-01-01", {"tenants/acme.yaml": f"tenant: acme\nname: Acme\n{TERMS}"})
    with world.fake:
        yield world


def read_problems(world, text):
    """Import a file; return its problems as printed, after asserting that nothing was written."""
    file = world.repository.root / "bought.csv"
    file.write_text(text, encoding="utf-8")
    done = world.run("credits", "import", str(file))
    assert (done.exit_code, done.output.splitlines()[-1]) == (1, "Nothing was written.")
    assert "Nothing is owed" in world.run("credits", "--liability").stdout
    return [line.removeprefix(f"{file}:") for line in done.output.splitlines()[:-1]]


def test_all_problems_of_a_file_are_told_at_once(world):
    rows = (
        "acme,sms,p1,2 March,,INV-1\n"
        'acme,"sms",p9,2026-03-01,2026-02-30,INV-2\n'
        "acne,sms,p1,2999-01-01,,INV-3\n"
        "acme,mms,p1,2026-03-01,,\n"
        "acme,sms,p1,2026-03-01,,INV-1\n"
    )
    assert read_problems(world, HEADER + rows) == [
        "2:13: a day is written as 2026-03-02, not as '2 March'",
        "3:12: the charge 'sms' has no pack 'p9'; there are p1",
        "3:26: a day is written as 2026-03-02, not as '2026-02-30'",
        "4:1: there is no tenant 'acne'; did you mean 'acme'?",
        "4:13: 2999-01-01 is in the future; record a purchase from its first day on",
        "5:6: 'acme' has no charge 'mms' of strategy credits; did you mean 'sms'?",
        "5:25: 'ref' is empty",
        f"6:25: the ref 'INV-1' stands at {world.repository.root / 'bought.csv'}:2:22 too, for another purchase",
    ]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["1:1: the column 'tenant' is missing; write tenant,charge,pack,on,expires,ref"]),
        (HEADER.replace("pack", "pakc"), ["1:1: the column 'pack' is missing", "1:15: the column 'pakc' is not known"]),
        (HEADER + "acme,sms,p1,2026-03-01,,INV-1,more\n", ["2:1: this row has 7 cells, and there are 6 columns"]),
        (HEADER + 'acme,"sm\ns",p1,soon,,INV-1\n', [r"2:6: 'acme' has no charge 'sm\ns'", "3:7: a day is written as"]),
        (HEADER + 'acme,sms,p1,soon,,I-1\nacme,"sms\n', ["2:13: a day is written as", "3:1: this row is no CSV"]),
    ],
)
def test_a_fault_of_the_format_is_told_at_its_place(world, text, problems):
    printed = read_problems(world, text)
    assert all(any(line.startswith(problem) for line in printed) for problem in problems), printed
