"""`tenantry bill --close` that is killed while it closes: nothing is closed twice, and no number is lost."""

import os
import random
import signal
import subprocess
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from billing_world import BillingWorld
from forking import Runner

from tenantry.ledger.address import Address
from tenantry.ledger.check import find_problems
from tenantry.ledger.credits import sum_used_units
from tenantry.ledger.notices import notices_of
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.statements import list_statements
from tenantry.ledger.values import StackRef

PROGRAM = Path(__file__).with_name("killed_command.py")
FEW, MANY = 5, 50
MANIFESTS = {
    "defaults.yaml": "terms: {currency: usd}\n",
    "customers/elm.yaml": "customer: elm\nname: Elm\nstatement: together\n",
    "tenants/acme.yaml": "tenant: acme\nname: Acme\nterms: {fees: {base: 49.99}}\n",
    "tenants/birch.yaml": "tenant: birch\nname: Birch\nterms: {charges: {sms: {label: Texts, strategy: credits, "
    "quantity: count, when_empty: stop, packs: {p1: {credits: 10, units: 100, price: 5, days: 365}}}}}\n",
    "tenants/cedar.yaml": "tenant: cedar\nname: Cedar\ncustomer: elm\nterms: {fees: {base: 10}}\n",
    "tenants/dale.yaml": "tenant: dale\nname: Dale\ncustomer: elm\nterms: {fees: {base: 20}}\n",
}
SMS = {"day": "2026-03-05", "category": "sms", "count": 30, "usage": 30, "price": "0.2370"}
TOTALS = ["0.00", "30.00", "44.99"]


@dataclass
class Kills:
    """A world in which March is to be closed, by processes that are killed."""

    world: BillingWorld
    folder: Path
    runner: Runner

    def close(self, step: int) -> int:
        """Close March in a process that is killed at a step; return its exit code."""
        return self.close_until(step, "SIGKILL").returncode

    def close_until(self, step: int, name: str) -> subprocess.CompletedProcess[str]:
        """Close March in a process that gets a signal at a step; return what it printed."""
        environ = {**os.environ, **self.world.environ}
        bill = ["bill", "--month", "2026-03", "--without-state", "--close", "-C", str(self.world.repository.root)]
        kept = {name: value for name, value in environ.items() if value is not None}
        return self.runner.run([str(self.steps_file), str(step), name, *bill], kept)

    @property
    def steps_file(self) -> Path:
        return self.folder / "steps"

    def list_closed(self) -> dict[str, tuple[str, str]]:
        """Return both documents of each closed statement by number; the ledger is in order, each was printed once."""
        stack = StackRef(self.world.fake.account_sid)
        with open_ledger(self.world.address) as ledger:
            assert find_problems(ledger) == ()
            found = list_statements(ledger, stack)
            types = [notice.type for notice in notices_of(ledger, stack.parent)]
        assert types.count("statement.closed") == len(found)
        return {statement.number: (statement.for_customer, statement.for_us) for statement in found}

    def list_used(self) -> list[Decimal]:
        """Return the units that statements took of each lot."""
        with open_ledger(self.world.address) as ledger:
            return list(sum_used_units(ledger, StackRef(self.world.fake.account_sid), before="2026-04").values())


@pytest.fixture(scope="module")
def runner():
    runner = Runner(PROGRAM)
    yield runner
    runner.end()


@pytest.fixture
def kills(tmp_path, new_address, runner):
    """`kills("sqlite")` makes a world whose ledger is on that database."""
    worlds = []

    def make(database: str) -> Kills:
        address: Address = new_address(database)
        make_ledger(address)
        world = BillingWorld(tmp_path / f"world-{len(worlds)}", address)
        world.fake.__enter__()
        worlds.append(world)
        fill(world)
        return Kills(world, tmp_path, runner)

    yield make
    for world in worlds:
        world.fake.__exit__(None, None, None)


def fill(world):
    """Three customers: one with an adjustment, one with credits, one with two tenants."""
    world.repository.commit("2026-03-01T00:00:00Z", MANIFESTS)
    for slug in ("acme", "birch", "cedar", "dale"):
        world.make_account(slug)
    world.use("birch", [SMS])
    adjust = ("bill", "adjust", "acme", "--amount", "-5", "--reason", "Outage", "--ref", "OWL-1")
    buy = ("credits", "add", "birch", "sms", "p1", "--on", "2026-03-01", "--ref", "INV-1")
    assert [world.run(*asked).exit_code for asked in (adjust, buy)] == [0, 0]


STEPS: dict[str, int] = {}
"""How many steps a whole close takes, by database."""


@pytest.fixture
def steps(kills):
    """`steps("sqlite")` is how many steps a whole close takes on that database."""

    def count(database: str) -> int:
        if database not in STEPS:
            whole = kills(database)
            assert whole.close(0) == 0
            STEPS[database] = int(whole.steps_file.read_text())
        return STEPS[database]

    return count


def kill_and_finish(kills, step):
    """Kill a close at a step, then close again."""
    assert kills.close(step) == -signal.SIGKILL
    before = kills.list_closed()
    documents = kills.world.close()
    after = kills.list_closed()
    assert list(after) == [f"OWL-2026-{number:06}" for number in (1, 2, 3)]
    assert {number: after[number] for number in before} == before
    assert (kills.world.close(), kills.list_closed()) == (documents, after)
    assert sorted(document["total"] for document in documents) == TOTALS
    assert kills.list_used() == [30]


def choose(seed, count, steps):
    """Return a step: each of `count` seeds chooses one in its own part of a close."""
    return random.Random(seed).randint(steps * seed // count + 1, steps * (seed + 1) // count)


@pytest.mark.parametrize("seed", range(FEW))
def test_a_close_that_was_killed_is_finished_by_the_next(kills, steps, seed):
    step = choose(seed, FEW, steps("sqlite"))
    kill_and_finish(kills("sqlite"), step)


def test_a_close_that_was_interrupted_says_what_it_closed(kills, steps):
    world = kills("sqlite")
    done = world.close_until(steps("sqlite") * 7 // 10, "SIGINT")
    closed, printed = list(world.list_closed()), " ".join(done.stderr.split())
    assert (done.returncode, closed) == (130, ["OWL-2026-000001"])
    assert "Interrupted. 1 statement closed by this run: acme (OWL-2026-000001). Not closed: birch, elm." in printed
    assert "Run it again to close the others: tenantry bill --month 2026-03 --close" in printed
    assert len(world.world.close()) == 3


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(MANY))
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_close_that_was_killed_anywhere_is_finished_by_the_next(kills, steps, database, seed):
    step = choose(seed, MANY, steps(database))
    kill_and_finish(kills(database), step)
