"""Days of messages on both databases, and the lease by which a receiver is known to run."""

from datetime import date, timedelta

from ledger_statements import STACK

from tenantry.ledger.health_days import HealthDay, add_days, kept_days, read_days
from tenantry.ledger.leases import lease_until, sweep_lease, take_lease

PARENT = STACK.parent
FIRST = HealthDay(date(2026, 4, 1), 9, 7, 1, 1, None, None)
SECOND = HealthDay(date(2026, 4, 2), 8, 8, 0, 0, 3, 1)


def test_days_are_kept_by_account_and_stay_as_they_were(ledger):
    for days in ((FIRST, SECOND), (HealthDay(FIRST.day, 1, 1, 0, 0, 0, 0),)):
        with ledger.writing():
            add_days(ledger, PARENT, "AC1", "acme", days)
    assert read_days(ledger, PARENT, FIRST.day, SECOND.day) == {"AC1": (FIRST, SECOND)}
    assert kept_days(ledger, PARENT, "AC1", SECOND.day, SECOND.day) == {SECOND.day}
    assert kept_days(ledger, PARENT, "AC2", FIRST.day, SECOND.day) == frozenset()


def test_a_lease_says_until_when_it_was_held(ledger, clock):
    name = sweep_lease(PARENT)
    assert lease_until(ledger, name) is None
    assert take_lease(ledger, name, "receiver", timedelta(minutes=5))
    assert lease_until(ledger, name) == clock.now + timedelta(minutes=5)
    assert lease_until(ledger, sweep_lease(PARENT, shadow=True)) is None
