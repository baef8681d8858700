"""Two processes that close at once, and processes that are killed while they close."""

import json
import subprocess
import sys
from pathlib import Path

from ledger_processes import CUSTOMERS
from ledger_statements import close, closing_of

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.check import find_problems
from tenantry.ledger.opening import open_ledger

PROGRAM = Path(__file__).with_name("ledger_processes.py")
SECONDS = 240


def run(what, address):
    place = str(address.path) if isinstance(address, SqliteAddress) else address.url
    command = [sys.executable, str(PROGRAM), what, place]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_two_processes_close_nothing_twice_and_lose_no_number(address):
    done = run("race", address)
    numbers = {number for _, number, _ in done}
    assert sorted(numbers) == [f"OWL-2026-{number:06}" for number in range(1, len(CUSTOMERS) + 1)]
    assert len({(customer, number) for customer, number, _ in done}) == len(CUSTOMERS)
    assert sorted(customer for customer, _, is_new in done if is_new) == sorted(CUSTOMERS)
    with open_ledger(address) as ledger:
        assert find_problems(ledger) == ()


def test_a_process_that_is_killed_anywhere_closes_all_or_nothing(address):
    *killed, last = run("kills", address)
    assert len(killed) > 10
    assert {(row["exit"], row["statements"], row["notices"], *row["problems"]) for row in killed} == {(-9, 0, 0)}
    assert (last["exit"], last["statements"], last["notices"], last["problems"]) == (0, 1, 1, [])
    with open_ledger(address) as ledger:
        assert close(ledger, closing_of("birch")).value.number == "OWL-2026-000002"
