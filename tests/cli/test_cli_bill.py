"""`tenantry bill` as a command: what is refused with which reason, and what a person does to statements by hand."""

import json
import subprocess
from datetime import UTC, datetime

import pytest
from billing_world import BillingWorld

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.notices import claim_notices
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.statements import list_statements
from tenantry.ledger.values import StackRef

PLAN = "terms: {currency: usd, fees: {base: 49.99}, charges: {sms: {label: Texts, strategy: tiers_with_overage, "
PLANS = {"plans/small.yaml": f"{PLAN}quantity: count, included: 100, overage_price: 0.50}}}}}}\n"}
SMS = {"day": "2026-03-05", "category": "sms", "count": 150, "usage": 150, "price": "1.1850"}
CREDITS = (
    "terms: {currency: usd, charges: {sms: {label: Texts, strategy: credits, quantity: count, when_empty: stop, "
    "packs: {p1: {credits: 10, units: 100, price: 5, days: 365}}}}}\n"
)


@pytest.fixture
def world(tmp_path):
    address = SqliteAddress(tmp_path / "ledger.db")
    make_ledger(address)
    world = BillingWorld(tmp_path, address)
    with world.fake:
        yield world


def add(world, slug="acme", lines="plan: small\n", at="2026-03-01T00:00:00Z"):
    files = {**PLANS, f"tenants/{slug}.yaml": f"tenant: {slug}\nname: {slug.title()}\n{lines}"}
    world.repository.commit(at, files)
    if slug not in world.sids:
        world.make_account(slug)


def problems(world, *arguments, month="2026-03"):
    """Close a month and return the exit code and the codes of all problems."""
    done = world.bill("--close", "--format", "json", *arguments, month=month)
    found = json.loads(done.stdout)
    every = [*(problem for row in found["statements"] for problem in row["problems"]), *found["left_out"]]
    return done.exit_code, [(problem["tenant"], problem["code"]) for problem in every]


def statements(world):
    with open_ledger(world.address) as ledger:
        return list_statements(ledger, StackRef(world.fake.account_sid))


def test_a_draft_writes_nothing(world):
    add(world)
    done = world.bill()
    assert (done.exit_code, statements(world)) == (0, ())


def test_a_month_that_is_not_over_is_not_closed(world):
    add(world)
    world.set_clock(datetime.now(UTC))
    this_month = f"{datetime.now(UTC):%Y-%m}"
    code, found = problems(world, month=this_month)
    assert (code, ("acme", "too_early") in found, statements(world)) == (2, True, ())


def test_an_observed_tenant_with_terms_is_billed_like_any_other(world):
    world.make_account("acme")
    add(world, lines=f"plan: small\nmanage: observe\naccount: {{adopt: {world.sids['acme']}}}\n")
    world.use("acme", [SMS])
    [document] = world.close()
    assert (document["customer"], document["total"]) == ("acme", "74.99")


def test_usage_that_twilio_still_counts_is_not_closed(world):
    add(world)
    world.set_clock(datetime(2026, 3, 31, 12, tzinfo=UTC))
    assert problems(world) == (2, [("acme", "as_of_too_early")])


def test_months_are_closed_in_order(world):
    add(world)
    assert problems(world, month="2026-04") == (2, [("acme", "earlier_month")])
    world.close("2026-03")
    assert problems(world, month="2026-04") == (0, [])


def test_a_tenant_that_begins_later_has_no_earlier_month(world):
    add(world)
    world.close("2026-03")
    add(world, "birch", at="2026-04-10")
    assert problems(world, month="2026-04") == (0, [])


@pytest.mark.parametrize(
    ("lines", "at", "code"),
    [("", "2026-03-01T00:00:00Z", "no_terms"), ("plan: small\n", "2026-04-02", "did_not_exist")],
)
def test_a_tenant_that_cant_be_billed_is_left_out_with_the_reason(world, lines, at, code):
    add(world, lines=lines, at=at)
    assert problems(world) == (2, [("acme", code)])


def test_one_tenant_without_usage_blocks_its_own_statement_alone(world):
    add(world)
    add(world, "birch")
    world.lose_usage("birch")
    assert problems(world) == (2, [("birch", "not_available")])
    assert [found.owner.tenant for found in statements(world)] == ["acme"]


def test_one_tenant_without_usage_blocks_the_statement_it_is_on(world):
    elm = {"customers/elm.yaml": "customer: elm\nname: Elm\nstatement: together\n"}
    world.repository.commit("2026-03-01T00:00:00Z", elm)
    for slug in ("north", "south"):
        add(world, slug, "customer: elm\nplan: small\n")
    world.lose_usage("south")
    assert (problems(world), statements(world)) == ((2, [("south", "not_available")]), ())


def test_terms_in_another_currency_need_no_cost(world):
    add(world, lines="terms: {currency: eur, fees: {base: 10}}\n")
    [document] = world.close()
    assert (document["currency"], document["total"]) == ("eur", "10.00")


def test_a_cost_in_another_currency_is_refused(world):
    rest = 'terms: {currency: eur, charges: {"*": {label: Usage, strategy: fixed, markup_percent: 5}}}\n'
    add(world, lines=rest)
    world.use("acme", [SMS])
    assert problems(world) == (2, [("acme", "no_exchange")])


def test_a_month_that_was_closed_with_other_terms_stays_and_says_so(world):
    add(world)
    [document] = world.close()
    world.repository.git("commit", "-q", "--amend", "--allow-empty", "-m", "again", at="2026-03-01T00:00:00Z")
    world.repository.commit("2026-03-01T00:00:00Z", {"plans/small.yaml": PLANS["plans/small.yaml"].replace("49", "99")})
    done = json.loads(world.bill("--format", "json").stdout)["statements"][0]
    assert (done["number"], done["total"]) == (document["number"], "49.99")
    assert "was closed with other terms" in done["notes"][0]


def test_a_void_statement_keeps_its_number_and_the_month_is_closed_anew(world):
    add(world)
    world.close()
    assert world.run("bill", "void", "OWL-2026-000001", "--reason", "wrong plan").exit_code == 0
    assert [document["number"] for document in world.close()] == ["OWL-2026-000002"]


def test_an_adjustment_is_on_the_next_statement_once(world):
    add(world)
    adjust = ("bill", "adjust", "acme", "--amount", "-5", "--reason", "Outage on 3 March", "--ref", "OWL-1")
    assert [world.run(*adjust).exit_code for _ in range(2)] == [0, 0]
    [march], [april] = world.close("2026-03"), world.close("2026-04")
    assert (march["total"], april["total"]) == ("44.99", "49.99")


@pytest.mark.parametrize(
    ("tenant", "amount", "sentence"),
    [
        ("acm", "5", "There is no tenant 'acm'. Did you mean 'acme'?"),
        ("acme", "0.001", "it has a part of a minor unit"),
        ("acme", "0", "An adjustment of 0 changes nothing."),
        ("acme", "five", "--amount: 'five' is no amount of money; write one such as -12.50."),
        ("acme", "NaN", "--amount: 'NaN' is no amount of money"),
        ("acme", "-Infinity", "--amount: '-Infinity' is no amount of money"),
        ("acme", "1,000.00", "--amount: '1,000.00' is no amount of money"),
        ("acme", "999999999999", "is too large"),
    ],
)
def test_a_wrong_adjustment_writes_nothing(world, tenant, amount, sentence):
    add(world)
    done = world.run("bill", "adjust", tenant, f"--amount={amount}", "--reason", "R", "--ref", "X")
    assert done.exit_code == 1
    assert sentence in " ".join(done.output.split())
    assert world.close()[0]["total"] == "49.99"


def test_an_adjustment_of_a_customer_names_its_tenants(world):
    add(world, lines="plan: small\ncustomer: dental\n")
    world.repository.commit("2026-03-01", {"customers/dental.yaml": "customer: dental\nname: Dental\n"})
    done = world.run("bill", "adjust", "dental", "--amount=5", "--reason", "R", "--ref", "X")
    assert (done.exit_code, "an amount is for one of its tenants: acme." in done.output) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("acme", "sms", "p1", "--on", "2999-01-01"), "is in the future"),
        (("acme", "sms", "p1", "--on", "2026-03-05", "--expires", "2026-03-04"), "before its first day"),
        (("acme", "sms", "p2", "--on", "2026-03-05"), "has no pack 'p2'; there are p1"),
        (("acme", "mms", "p1", "--on", "2026-03-05"), "has no charge 'mms' of strategy credits"),
        (("acne", "sms", "p1", "--on", "2026-03-05"), "there is no tenant 'acne'; did you mean 'acme'?"),
    ],
)
def test_a_wrong_purchase_writes_nothing(world, arguments, sentence):
    add(world, lines=CREDITS)
    done = world.run("credits", "add", *arguments, "--ref", "INV-1")
    assert done.exit_code == 1
    assert sentence in " ".join(done.output.split())
    assert "Nothing is owed" in world.run("credits", "--liability").stdout


def test_a_purchase_with_a_ref_that_is_taken_is_refused(world):
    add(world, lines=CREDITS)
    first = ("credits", "add", "acme", "sms", "p1", "--on", "2026-03-05", "--ref", "INV-1")
    other = ("credits", "add", "acme", "sms", "p1", "--on", "2026-03-06", "--ref", "INV-1")
    assert [world.run(*asked).exit_code for asked in (first, first, other)] == [0, 0, 1]


def test_a_file_of_purchases_is_recorded_whole_or_not_at_all(world, tmp_path):
    add(world, lines=CREDITS)
    file = tmp_path / "bought.csv"
    rows = "tenant,charge,pack,on,expires,ref\nacme,sms,p1,2026-03-05,,INV-1\nacme,sms,p9,2026-03-05,,INV-2\n"
    file.write_text(rows)
    done = world.run("credits", "import", str(file))
    assert (done.exit_code, "bought.csv:3:10: the charge 'sms' has no pack 'p9'" in done.output) == (1, True)
    assert "Nothing is owed" in world.run("credits", "--liability").stdout
    file.write_text(rows.replace("p9", "p1"))
    assert world.run("credits", "import", str(file)).stdout.count("recorded: acme bought p1") == 2


def test_a_purchase_that_no_statement_can_use_any_more_is_refused(world):
    add(world, lines=CREDITS)
    world.close()
    days = ("--on", "2026-03-02", "--expires", "2026-03-20")
    done = world.run("credits", "add", "acme", "sms", "p1", *days, "--ref", "INV-1")
    assert (done.exit_code, "no statement can use it any more" in " ".join(done.output.split())) == (1, True)


def test_credits_that_run_out_are_told(world):
    add(world, lines=CREDITS)
    world.use("acme", [SMS])
    assert world.run("credits", "add", "acme", "sms", "p1", "--on", "2026-03-01", "--ref", "INV-1").exit_code == 0
    world.close()
    with open_ledger(world.address) as ledger:
        text = claim_notices(ledger, lease=datetime.resolution, limit=9)
    assert sorted(notice.type for notice in text) == ["credits.empty", "statement.closed"]
    assert not any("sms" in notice.payload for notice in text)


def test_a_correction_draws_what_is_left_of_a_lot(world):
    add(world, lines=CREDITS)
    world.run("credits", "add", "acme", "sms", "p1", "--on", "2026-03-01", "--ref", "INV-1")
    world.use("acme", [{**SMS, "count": 30, "usage": 30}])
    world.close("2026-03")
    world.use("acme", [{**SMS, "count": 50, "usage": 50}])
    world.close("2026-04")
    [lot] = json.loads(world.run("credits", "--liability", "--format", "json").stdout)["lots"]
    assert lot["units_left"] == "50"


def test_corrections_draw_from_lots_before_the_month_itself(world):
    add(world, lines=CREDITS)
    world.run("credits", "add", "acme", "sms", "p1", "--on", "2026-03-01", "--ref", "INV-1")
    march = {**SMS, "count": 60, "usage": 60}
    world.use("acme", [march])
    world.close("2026-03")
    world.use("acme", [{**march, "count": 70, "usage": 70}, {**SMS, "day": "2026-04-05", "count": 40, "usage": 40}])
    [document] = world.close("2026-04")
    [section] = document["sections"]
    assert [(line["detail"], line["quantity"]) for line in (*section["lines"], *document["lines"])] == [
        ("paid with credits", "30"),
        ("not covered by credits, not charged", "10"),
        ("correction of OWL-2026-000001, paid with credits", "10"),
    ]
    assert json.loads(world.run("credits", "--liability", "--format", "json").stdout)["lots"] == []


def test_a_missing_ledger_is_an_error_and_never_made(world):
    add(world)
    world.address.path.unlink()
    done = world.bill("--close")
    assert (done.exit_code, "tenantry ledger init" in " ".join(done.output.split())) == (1, True)
    assert not world.address.path.exists()


def test_a_shallow_clone_bills_nothing(world, tmp_path):
    add(world)
    world.repository.commit("2026-03-20", {"README.md": "x\n", "defaults.yaml": "labels: {a: b}\n"})
    source = f"file://{world.repository.root}"
    subprocess.run(["git", "clone", "-q", "--depth", "1", source, tmp_path / "shallow"], check=True)
    world.repository.root = tmp_path / "shallow"
    done = world.bill()
    assert (done.exit_code, "this clone is shallow" in " ".join(done.output.split())) == (1, True)
