"""The writer: what can't be written is sent again, nothing that was accepted is lost, and it recovers by itself."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tenantry.ledger.cap_events import NewCapEvent
from tenantry.ledger.errors import LedgerUnavailableError
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.receiver.turns import Turns
from tenantry.receiver.writer import NotDurableError, Received, Writer

PARENT = "AC" + "1" * 32


def make_event(number, category="sms"):
    identity, at = f"UT{number}:2026-03-01", datetime(2026, 3, 15, tzinfo=UTC)
    figures = (Decimal(1000), "monthly", Decimal(1000))
    return NewCapEvent(identity, PARENT, "AC2", f"UT{number}", category, "count", *figures, at, "callback")


class Ledgers:
    """Opens a ledger while it is there."""

    def __init__(self, address):
        make_ledger(address)
        self.address, self.is_there = address, True

    def open(self):
        if not self.is_there:
            raise LedgerUnavailableError("The ledger is down.")
        return open_ledger(self.address)

    def go_down(self):
        """Take the ledger away, also from those who have it open."""
        self.is_there = False
        self._run("ALTER TABLE cap_events RENAME TO away")

    def come_back(self):
        self._run("ALTER TABLE away RENAME TO cap_events")
        self.is_there = True

    def _run(self, sql):
        with open_ledger(self.address) as ledger:
            ledger.run(sql)

    def identities(self):
        with open_ledger(self.address) as ledger:
            return [row[0] for row in ledger.rows("SELECT identity FROM cap_events ORDER BY id")]


@pytest.fixture
def ledgers(address):
    return Ledgers(address)


def write_all(ledgers, *steps):
    """Let a writer write one group of events after the other, or call a function; return what came of each group."""

    async def write(writer):
        outcomes = []
        for step in steps:
            if callable(step):
                await asyncio.to_thread(step)
                continue
            waiting = [writer.write(Received(events=(event,))) for event in step]
            outcomes.append(await asyncio.gather(*waiting, return_exceptions=True))
        await asyncio.to_thread(writer.stop)
        return outcomes, writer.problem

    writer = Writer(ledgers.open, Turns())
    writer.start()
    return asyncio.run(write(writer))


def test_of_two_with_the_same_trigger_and_period_one_is_new(ledgers):
    [counts], _ = write_all(ledgers, [make_event(number % 60) for number in range(120)])
    assert (sum(counts), len(ledgers.identities())) == (60, 60)


def test_while_the_ledger_is_down_nothing_is_accepted_then_all(ledgers):
    """The connection is lost, then the ledger can't be opened, then it is there again."""
    events = [make_event(number) for number in range(3)]
    outcomes, problem = write_all(ledgers, events[:1], ledgers.go_down, events, events, ledgers.come_back, events)
    assert [[isinstance(outcome, NotDurableError) for outcome in step] for step in outcomes[1:3]] == [[True] * 3] * 2
    assert (outcomes[0], outcomes[3], problem) == ([1], [0, 1, 1], None)
    assert ledgers.identities() == [event.identity for event in events]


def test_one_that_cant_be_written_takes_no_other_with_it(ledgers):
    [outcomes], _ = write_all(ledgers, [make_event(1), make_event(2, category=None), make_event(3)])
    assert [isinstance(outcome, NotDurableError) for outcome in outcomes] == [False, True, False]
    assert ledgers.identities() == ["UT1:2026-03-01", "UT3:2026-03-01"]
