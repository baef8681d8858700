"""Two processes that close at once, and processes that are killed while they close."""

from multiprocessing import get_context

import pytest
from ledger_statements import STACK, close, close_and_die, close_together, closing_of

from tenantry.ledger.check import find_problems
from tenantry.ledger.notices import notices_of
from tenantry.ledger.opening import open_ledger
from tenantry.ledger.statements import statements_of

CUSTOMERS = tuple(f"customer-{number}" for number in range(12))
STATEMENTS = 40
"""More than closing asks of a database."""

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["ledger_statements"])
SECONDS = 60


def test_two_processes_close_nothing_twice_and_lose_no_number(address):
    barrier, answers = PROCESSES.Barrier(2, timeout=SECONDS), PROCESSES.Queue()
    processes = [PROCESSES.Process(target=close_together, args=(address, CUSTOMERS, barrier, answers)) for _ in "ab"]
    for process in processes:
        process.start()
    told = [answers.get(timeout=SECONDS) for _ in range(2 * len(CUSTOMERS))]
    for process in processes:
        process.join(SECONDS)
    numbers = {(customer, number) for customer, number, _ in told}
    assert sorted(number for _, number in numbers) == [f"OWL-2026-{n:06}" for n in range(1, len(CUSTOMERS) + 1)]
    assert sorted(customer for customer, _, is_new in told if is_new) == sorted(CUSTOMERS)
    with open_ledger(address) as ledger:
        assert find_problems(ledger) == ()


def test_a_process_that_is_killed_anywhere_closes_all_or_nothing(address):
    outcomes = set()
    for statement in range(1, STATEMENTS):
        process = PROCESSES.Process(target=close_and_die, args=(address, statement))
        process.start()
        process.join(SECONDS)
        with open_ledger(address) as ledger:
            closed = len(statements_of(ledger, STACK))
            assert closed == len(notices_of(ledger, STACK.parent))
            assert find_problems(ledger) == ()
        outcomes.add((process.exitcode, closed))
        if process.exitcode == 0:
            break
    assert outcomes == {(-9, 0), (0, 1)}
    with open_ledger(address) as ledger:
        assert close(ledger, closing_of("birch")).value.number == "OWL-2026-000002"


@pytest.fixture(autouse=True)
def _no_process_lives_on():
    yield
    for process in PROCESSES.active_children():
        process.kill()
