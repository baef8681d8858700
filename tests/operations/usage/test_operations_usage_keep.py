"""Usage and the ledger: what was read is kept, and shows later what Twilio corrected."""

from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from pathlib import Path

import pytest
from usage_world import MARCH, NOW, World

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import MissingLedgerError
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.readings import find_newest_read
from tenantry.model.project import Stack
from tenantry.operations.usage.explain import Question, explain_usage
from tenantry.operations.usage.keep import find_earlier_readings, keep_readings, open_for_usage

SMS = ("2026-03-01", "sms-inbound", 5, 7, "0.0553")


@pytest.fixture
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    address = SqliteAddress(tmp_path_factory.mktemp("ledger") / "ledger.db")
    make_ledger(address)
    with open_ledger(address) as ledger:
        yield ledger


def keep(world: World, ledger: Ledger) -> tuple[str, ...]:
    return keep_readings(ledger, world.fake.account_sid, world.gather())


def test_what_was_read_is_kept_exactly(world: World, acme: str, ledger: Ledger):
    world.use(acme, SMS)
    assert keep(world, ledger) == ()
    read = find_newest_read(ledger, world.fake.account_sid, acme, "period", MARCH)
    assert read is not None
    kept = {reading.category: (reading.count, reading.usage, reading.price) for reading in read.readings}
    assert kept == {
        "sms": (5, 7, Decimal("0.0553")),
        "sms-inbound": (5, 7, Decimal("0.0553")),
        "totalprice": (None, Decimal("0.0553"), Decimal("0.0553")),
    }


def test_why_nothing_was_read_is_kept_and_failures_are_not(world: World, acme: str, ledger: Ledger):
    birch = str(world.tenant("birch"))
    world.tenant("cedar", account=False)
    world.switch(accounts_without_usage=[acme])
    world.fail("error", f"/2010-04-01/Accounts/{birch}/Usage/*", status=400, code=20001, times=None)
    keep(world, ledger)
    read = find_newest_read(ledger, world.fake.account_sid, acme, "period", MARCH)
    assert (read.readings, "404" in read.not_available) == ((), True)
    assert find_newest_read(ledger, world.fake.account_sid, birch, "period", MARCH) is None


def test_a_price_that_would_be_rounded_is_not_kept(world: World, acme: str, ledger: Ledger):
    world.use(acme, ("2026-03-01", "sms-inbound", 1, 1, "0.0000000001"))
    birch = str(world.tenant("birch"))
    assert keep(world, ledger) == ("acme",)
    assert find_newest_read(ledger, world.fake.account_sid, acme, "period", MARCH) is None
    assert find_newest_read(ledger, world.fake.account_sid, birch, "period", MARCH) is not None


def test_a_correction_is_known_from_an_earlier_reading(world: World, acme: str, ledger: Ledger):
    world.use(acme, SMS)
    keep(world, ledger)
    world.use(acme, ("2026-03-01", "sms-inbound", 5, 6, "0.0474"))
    session = world.session()
    [tenant] = world.gather("acme", session=session).tenants
    earlier = find_earlier_readings(ledger, world.fake.account_sid, tenant, MARCH)
    question = Question(session, tenant, MARCH, UTC, {}, NOW, earlier=earlier)
    _, by_usage, *_ = explain_usage(question).comparisons
    [corrected] = [effect for effect in by_usage.effects if effect.name == "corrected"]
    assert (corrected.quantity, corrected.price) == (-1, Decimal("-0.0079"))


def test_a_reading_before_the_end_of_the_period_shows_no_correction(world: World, acme: str, ledger: Ledger):
    [tenant] = world.gather("acme").tenants
    world.switch(usage_lag_seconds=1_000_000)
    keep(world, ledger)
    assert not world.report().is_complete
    assert find_earlier_readings(ledger, world.fake.account_sid, tenant, MARCH) == ()


def test_without_a_ledger_none_is_opened_and_a_missing_one_is_refused(tmp_path: Path):
    with open_for_usage(Stack("dev", None, "tenants", None), {}) as ledger:
        assert ledger is None
    absent = Stack("dev", None, "tenants", None, ledger=f"sqlite:{tmp_path}/none.db")
    with pytest.raises(MissingLedgerError), open_for_usage(absent, {}):
        pass
