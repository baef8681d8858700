"""What health keeps in a ledger, and what it takes from there instead of asking Twilio."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from health_world import NOW, SLO, HealthWorld

from faketwilio.store.fault import Fault
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.connection import Ledger
from tenantry.ledger.error_events import ErrorEvent, insert_errors
from tenantry.ledger.health_days import read_days
from tenantry.ledger.leases import sweep_lease, take_lease
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.standing import NewStanding, replace_standing
from tenantry.ledger.values import StackRef
from tenantry.model.tenant_standing import TenantStanding

YESTERDAY = "2026-04-03T09:00:00Z"
LONG_AGO = NOW - timedelta(days=8)
URL = "https://owl.example/errors/acme"


class Time:
    """The ledger's clock."""

    now = NOW


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def ledger(tmp_path: Path, time: Time):
    address = SqliteAddress(tmp_path / "ledger.db")
    make_ledger(address)
    with open_ledger(address, clock=lambda: time.now) as ledger:
        yield ledger


def days_of(world: HealthWorld, ledger: Ledger, sid: str) -> dict[str, tuple[int, int | None]]:
    """Return the messages and errors of the days that are kept."""
    found = read_days(ledger, world.fake.account_sid, NOW.date() - timedelta(days=100), NOW.date())
    return {f"{day.day:%m-%d}": (day.messages, day.errors) for day in found.get(sid, ())}


def receive(world: HealthWorld, ledger: Ledger, time: Time, sid: str, *moments: datetime, code: str = "11200") -> None:
    """Let the receiver be told of errors at these moments."""
    for number, moment in enumerate(moments):
        time.now = moment
        identity = f"NO{sid[2:10]}{moment:%d%H%M}{number}"
        whose = (world.fake.account_sid, "acme", sid)
        with ledger.writing():
            insert_errors(
                ledger, [ErrorEvent(*whose, identity, "error", code, "", None, None, None, None, None, moment)]
            )
    time.now = NOW


def run_receiver(world: HealthWorld, ledger: Ledger, sid: str, url: str | None = URL) -> None:
    """Let a receiver run, which `up` told where the errors of acme go."""
    parent = world.fake.account_sid
    standing = TenantStanding(tenant="acme", name="Acme", customer_key="acme", account_sid=sid, error_url=url)
    row = NewStanding("acme", sid, standing.model_dump_json())
    replace_standing(ledger, StackRef(parent, "dev"), [row], None)
    take_lease(ledger, sweep_lease(parent), "receiver", timedelta(minutes=5))


@pytest.fixture
def warm(world: HealthWorld, ledger: Ledger) -> str:
    """A tenant all of whose days are kept, and whose Debugger has an error more than the receiver is told of."""
    sid = world.tenant("acme")
    world.send(sid, YESTERDAY, count=100)
    world.look(ledger, now=NOW - timedelta(days=1))
    world.log_error(sid, NOW - timedelta(hours=2), "20429")
    return sid


def errors(world: HealthWorld, ledger: Ledger) -> tuple[str, int]:
    """Return the figure of acme's errors, and how many calls it took."""
    report = world.look(ledger)
    figures = {figure.name: figure.text for figure in report.tenants[0].figures}
    return figures["errors"], report.requests


def test_errors_come_from_the_receiver_where_one_runs(world, ledger, time, warm):
    receive(world, ledger, time, warm, LONG_AGO, NOW - timedelta(hours=30), NOW - timedelta(hours=1))
    run_receiver(world, ledger, warm)
    assert errors(world, ledger) == ("2.00 %, 2 for 100 messages", 1 + 3)


def test_twilio_is_asked_where_the_receiver_is_silent(world, ledger, time, warm):
    receive(world, ledger, time, warm, LONG_AGO, NOW - timedelta(hours=1))
    run_receiver(world, ledger, warm)
    time.now = NOW + timedelta(minutes=16)
    assert errors(world, ledger) == ("1.00 %, 1 for 100 messages", 1 + 4)


def test_twilio_is_asked_where_errors_go_elsewhere(world, ledger, time, warm):
    receive(world, ledger, time, warm, LONG_AGO, NOW - timedelta(hours=1))
    run_receiver(world, ledger, warm, url=None)
    assert errors(world, ledger) == ("1.00 %, 1 for 100 messages", 1 + 4)


def test_twilio_is_asked_where_the_receiver_may_not_have_been_told(world, ledger, time, warm):
    receive(world, ledger, time, warm, NOW - timedelta(hours=1))  # none from before the days that are asked about
    run_receiver(world, ledger, warm)
    assert errors(world, ledger) == ("1.00 %, 1 for 100 messages", 1 + 4)


def test_a_day_whose_errors_could_not_be_read_is_not_kept(world, ledger):
    sid = world.tenant("acme")
    world.send(sid, YESTERDAY, count=10)
    fault = Fault("error", path="/v1/Alerts", status=400, code=20001, times=None)
    world.fake.store.faults.append(fault)
    assert world.look(ledger).exit_code == 1
    assert days_of(world, ledger, sid) == {}
    world.fake.store.faults.clear()
    world.look(ledger)
    assert days_of(world, ledger, sid)["04-03"] == (10, 0)


def test_days_before_the_oldest_kept_one_are_read_when_the_window_grows(world, ledger):
    sid = world.tenant("acme", "slo: {delivered_percent: 98, window_days: 5}\n")
    world.send(sid, "2026-03-10T09:00:00Z", count=7)
    world.look(ledger)
    assert min(days_of(world, ledger, sid)) == "03-31"
    world.tenant_text("acme", SLO)
    [delivered, _] = world.look_at("acme", ledger).objectives
    assert (delivered.total, delivered.days_known) == (7, 30)
    assert days_of(world, ledger, sid)["03-10"][0] == 7


def test_days_whose_messages_retention_deletes_are_not_known(world, ledger):
    sid = world.tenant("acme", f"{SLO}retention: {{messages: {{keep_days: 2}}}}\n")
    world.send(sid, YESTERDAY, count=9)
    tenant = world.look_at("acme", ledger)
    assert tenant.objectives[0].days_known == 3
    assert [window.long_minutes for window in tenant.objectives[0].windows] == [60, 360]  # three days are not all there
    assert set(days_of(world, ledger, sid)) == {"04-02", "04-03"}


def test_what_retention_redacts_is_known_all_the_same(world):
    world.tenant("acme", f"{SLO}retention: {{messages: {{keep_days: 2, action: redact}}}}\n")
    assert world.look_at("acme").objectives[0].days_known == 30


def test_a_clock_that_is_wrong_moves_no_window(world):
    sid = world.tenant("acme")
    world.send(sid, "2026-04-04T11:58:00Z", "undelivered", 40)
    world.our_time = NOW + timedelta(hours=3)
    report = world.look(now=world.our_time)
    assert abs(report.at - NOW.astimezone(UTC)) <= timedelta(seconds=2)
    assert [window.burns for window in report.tenants[0].objectives[0].windows] == [True, True, True]


def test_an_adopted_key_has_the_age_of_its_rotation(world):
    keys = "{web: {access: standard, adopt: %s, friendly_name: old CRM, rotation: {every_days: 30}}}"
    sid = world.tenant("acme")
    key = world.key(sid, "old CRM")
    world.tenant_text("acme", f"api_keys: {keys % key}\n")
    figures = world.look(now=NOW + timedelta(days=31)).tenants[0].figures
    assert "old CRM (31 days, limit 30)" in next(figure.text for figure in figures if figure.name == "keys")
