"""Health from Twilio's lists and from the ledger's days."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from health_world import NOW

from faketwilio.control.console import act
from faketwilio.store.fault import Fault
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.cap_events import Decision, NewCapEvent, keep_events, settle_event, waiting_events
from tenantry.ledger.health_days import HealthDay, add_days, read_days, read_trigger_lags
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.manifest.load import load_or_refuse
from tenantry.operations.health.count import make_days
from tenantry.operations.health.facts import DAY
from tenantry.operations.health.gather import Question, Subject, ask_all
from tenantry.operations.usage.accounts import find_accounts
from tenantry.twilio.alerts import LoggedAlert
from tenantry.twilio.log_records import Log

ONE = Decimal(1)
YESTERDAY = "2026-04-03T09:00:00Z"
JUST_NOW = "2026-04-04T11:58:00Z"


@pytest.fixture
def ledger(tmp_path: Path):
    address = SqliteAddress(tmp_path / "ledger.db")
    make_ledger(address)
    with open_ledger(address) as ledger:
        yield ledger


def figure(tenant, name: str) -> tuple[str, str]:
    return next((found.state, found.text) for found in tenant.figures if found.name == name)


def objective(tenant, name: str = "delivered_percent"):
    return next(found for found in tenant.objectives if found.name == name)


def test_messages_that_never_left_are_counted(world):
    sid = world.tenant("acme")
    world.send(sid, YESTERDAY, count=97)
    world.send(sid, YESTERDAY, "undelivered", 2, error_code=30008)
    world.send(sid, JUST_NOW, "failed", 1, error_code=30007)
    world.send(sid, JUST_NOW, "failed", 3, error_code=21610)
    world.send(sid, JUST_NOW, "queued", 5)
    tenant = world.look_at("acme")
    counts = "97.00 %, 97 of 100 delivered, 3 for the recipient's own reasons"
    codes = "failed since 2026-03-06 with 30008 (Unknown error) × 2, 30007 (Message filtered) × 1"
    assert figure(tenant, "delivered") == ("good", f"{counts}; {codes}")
    found = objective(tenant)
    assert (found.total, found.bad, found.allowed, found.left_percent) == (100, 3, "2", "-50.00")
    assert (found.state, found.days_known) == ("ok", 30)


def test_received_messages_are_no_deliveries(world):
    sid = world.tenant("acme")
    world.send(sid, YESTERDAY, "received", 9)
    assert figure(world.look_at("acme"), "delivered") == ("good", "no message")


def test_a_budget_that_burns_makes_it_2(world):
    sid = world.tenant("acme")
    world.send(sid, JUST_NOW, count=60)
    world.send(sid, JUST_NOW, "undelivered", 40)
    report = world.look()
    [tenant] = report.tenants
    assert (report.exit_code, tenant.state, objective(tenant).state) == (2, "alarm", "burning")
    assert [window.burns for window in objective(tenant).windows] == [True, True, True]


def test_errors_come_from_the_debugger_without_their_text(world):
    sid = world.tenant("acme")
    world.send(sid, YESTERDAY, count=100)
    for code in ("11200", "20429", "11200"):
        world.log_error(sid, NOW - timedelta(hours=20), code)
    report = world.look()
    assert figure(report.tenants[0], "errors") == ("good", "3.00 %, 3 for 100 messages")
    assert figure(report.tenants[0], "throttled") == ("good", "1 for 100 messages")
    assert "text of a person" not in report.model_dump_json()


def test_old_keys_and_failed_sinks_are_told(world):
    sid = world.tenant("acme", "api_keys: {web: {access: standard, rotation: {every_days: 30}}}\n")
    act(world.fake.store, {"create": "api_key", "account": sid, "fields": {"friendly_name": "web#1"}})
    act(world.fake.store, {"create": "event_sink", "account": sid, "fields": {"status": "failed"}})
    later = world.look_at("acme", now=NOW + timedelta(days=31))
    assert figure(later, "keys") == ("attention", "1 too old: web#1 (31 days, limit 30)")
    assert figure(later, "sinks")[0] == "alarm"


def test_drift_is_counted_where_it_is_asked_for(world):
    world.tenant("acme", "usage_triggers: {}\napi_keys: {web: {access: standard}}\n")
    assert figure(world.look_at("acme"), "drift")[0] == "unknown"
    assert figure(world.look_at("acme", drift=True), "drift") == ("attention", "0 high, 1 low")


def test_a_suspended_tenant_rests(world):
    world.tenant("acme", status="suspended")
    report = world.look()
    assert (report.tenants[0].resting, report.exit_code) == ("its account is suspended", 0)


def test_what_can_not_be_read_stops_nothing_else_and_makes_it_1(world):
    sid = world.tenant("acme")
    world.tenant("birch")
    world.fake.store.faults.append(
        Fault("error", path=f"/2010-04-01/Accounts/{sid}/Messages.json", status=400, code=20001, times=None)
    )
    report = world.look()
    assert (report.exit_code, report.failed) == (1, 1)
    acme = next(tenant for tenant in report.tenants if tenant.tenant == "acme")
    assert figure(acme, "delivered")[1].startswith("not known: Reading the messages since")
    assert figure(acme, "keys")[0] == "good"
    [sentence] = acme.failed
    assert sentence.startswith("Reading the messages since")


def test_a_log_that_is_cut_is_known_from_the_day_after(world):
    sid = world.tenant("acme")
    for hour in range(1, 20):
        world.send(sid, f"2026-04-01T{hour:02}:00:00Z", count=2)
    world.send(sid, JUST_NOW, count=3)
    found = objective(world.look_at("acme", most=10))
    assert (found.days_known, found.total) == (3, 3)


def test_settled_days_are_kept_and_not_read_again(world, ledger):
    sid = world.tenant("acme")
    world.send(sid, "2026-04-01T09:00:00Z", count=20)
    world.send(sid, YESTERDAY, count=10)
    assert world.look(ledger).source == "twilio"
    days = read_days(ledger, world.fake.account_sid, NOW.date() - timedelta(days=40), NOW.date())[sid]
    assert [(day.day.isoformat(), day.delivered) for day in days if day.delivered] == [
        ("2026-04-01", 20),
        ("2026-04-03", 10),
    ]
    assert days[-1].day.isoformat() == "2026-04-03"
    world.delete_messages(sid)
    report = world.look(ledger)
    assert (report.source, objective(report.tenants[0]).total) == ("twilio_and_ledger", 30)


def test_a_day_that_is_kept_stays(ledger):
    first, later = HealthDay(NOW.date(), 9, 9, 0, 0, 0, 0), HealthDay(NOW.date(), 1, 1, 0, 0, None, None)
    for day in (first, later):
        with ledger.writing():
            add_days(ledger, "AC1", "AC2", "acme", [day])
    assert read_days(ledger, "AC1", NOW.date(), NOW.date()) == {"AC2": (first,)}
    assert read_days(ledger, "AC9", NOW.date(), NOW.date()) == {}


def test_offline_asks_for_the_list_of_accounts_alone(world, ledger):
    sid = world.tenant("acme")
    world.send(sid, YESTERDAY, count=10)
    world.look(ledger)
    report = world.look(ledger, offline=True)
    assert (report.source, report.requests, objective(report.tenants[0]).total) == ("ledger", 1, 10)


def test_callbacks_of_the_receiver_tell_the_lag_of_triggers(ledger):
    assert read_trigger_lags(ledger, "AC1", NOW) is None
    fired = ledger.now()
    keep_events(
        ledger, [NewCapEvent("UT1 2026", "AC1", "AC2", "UT1", "sms", "count", ONE, "daily", ONE, fired, "callback")]
    )
    [event] = waiting_events(ledger, "AC1", 1)
    settle_event(ledger, event, Decision("done", "suspended", "acme", "daily-sms"))
    assert read_trigger_lags(ledger, "AC1", fired) == {"acme": (event.received_at - fired,)}
    assert read_trigger_lags(ledger, "AC1", fired + timedelta(days=1)) == {}


def test_each_active_tenant_costs_four_calls(world):
    for slug in ("acme", "birch", "cedar"):
        world.tenant(slug)
    assert world.look().requests == 1 + 3 * 4


def test_a_look_that_is_stopped_asks_for_no_further_list(world):
    world.tenant("acme")
    session, loaded = world.session(), load_or_refuse(world.folder, "dev")
    [account] = find_accounts(loaded, None, session, None).chosen
    question = Question(NOW, NOW.date(), 1000)
    question.stop.set()
    [answer] = ask_all(session, [Subject(account, loaded.tenants["acme"])], question, lambda _: None)
    assert (answer.settled, session.traffic.requests) == ((), 2)


def test_a_long_window_of_one_tenant_costs_others_nothing(world):
    world.tenant("acme", "slo: {delivered_percent: 98, window_days: 90}\n")
    short = world.tenant("birch", "slo: {delivered_percent: 98, window_days: 7}\n")
    world.send(short, "2026-03-01T09:00:00Z", count=1500)
    world.send(short, YESTERDAY, count=3)
    report = world.look()
    assert report.requests == 1 + 2 * 4
    birch = next(tenant for tenant in report.tenants if tenant.tenant == "birch")
    assert (objective(birch).total, objective(birch).days_known) == (3, 7)


def test_alerts_that_are_cut_tell_of_the_days_after_the_oldest():
    day = NOW.date()
    alerts = Log(tuple(LoggedAlert(NOW - age * DAY, "error", "11200") for age in (0, 0, 1, 2)), is_whole=False)
    days = make_days([day - 2 * DAY, day - DAY, day], {}, alerts, NOW - 9 * DAY)
    assert [found.errors for found in days] == [None, 1, 2]
