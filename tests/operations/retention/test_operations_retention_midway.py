"""What comes between: an answer that is lost, Ctrl-C, a hold that only the ledger gets, a ledger from before."""

import signal
import threading
from datetime import date, timedelta
from shutil import copyfile

import pytest

from faketwilio.hosts.api.archives import MESSAGES as ARCHIVE
from tenantry.ledger.audit_check import check_ends
from tenantry.ledger.holds import HeldTenant, record_hold
from tenantry.ledger.retention_audit import ChainEnd, row_of
from tenantry.operations.offboarding.records import delete_everything
from tenantry.operations.retention.guards import Limits
from tenantry.operations.retention.story import finish_on_interrupt, open_job

RULE = "retention: {messages: {keep_days: 30}}\n"
REDACT = "retention: {messages: {keep_days: 30, action: redact}}\n"
MESSAGES = "*/Messages/*.json"


@pytest.fixture
def acme(world):
    world.tenant("acme", RULE)
    return world


def outcomes(world):
    return [line.entry.outcome for line in world.audit() if line.entry.event == "result"]


@pytest.mark.parametrize(
    ("mode", "written"),
    [("drop", []), ("503", ["still_there"] * 3), ("drop-after-commit", ["gone"]), ("503-after-commit", ["gone"])],
)
def test_a_lost_deletion_is_never_written_as_done(acme, mode, written):
    [sid] = acme.put("acme", "message", 31)
    acme.fail(mode, MESSAGES, method="DELETE", times=None)
    acme.retain()
    assert (outcomes(acme), acme.has("message", sid)) == (written, written != ["gone"])


@pytest.mark.parametrize("mode", ["drop", "503"])
def test_a_lost_redaction_is_done_only_where_the_text_is_gone(world, mode):
    world.tenant("acme", REDACT)
    [sid] = world.put("acme", "message", 31, body="a secret")
    world.fail(mode, MESSAGES, method="POST", times=None)
    world.retain()
    assert ("done" in outcomes(world), world.fake.store.archive(ARCHIVE).get(sid).body) == (False, "a secret")
    world.fake.store.faults.clear()
    world.fail(f"{mode}-after-commit", MESSAGES, method="POST", times=None)
    world.time.now += timedelta(minutes=11)
    world.retain()
    assert (outcomes(world)[-1], world.fake.store.archive(ARCHIVE).get(sid).body) == ("done", "")


@pytest.mark.parametrize(("days", "code", "count"), [(44, 2, "unfinished"), (45, 1, "stuck")])
def test_what_twilio_refuses_as_unfinished_for_long_is_a_failure(acme, days, code, count):
    acme.put("acme", "message", days)
    acme.fail("error", MESSAGES, method="DELETE", status=409, code=20009, times=None)
    report = acme.retain()
    [rule] = acme.report_of(report).rules
    assert (report.exit_code, getattr(rule, count), rule.unfinished + rule.stuck) == (code, 1, 1)


def interrupt_at_a_wait(world, monkeypatch):
    """Let the next wait of a call be the moment at which somebody presses Ctrl-C."""

    def interrupt(_: float) -> None:
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    monkeypatch.setattr(world.time, "sleep", interrupt, raising=False)


def assert_nothing_is_lost(world, due, run):
    """Each intent has its result, what was not sent is still there, and the next run deletes it."""
    assert "not_sent" in outcomes(world)
    lines = world.audit()
    assert {line.number for line in lines if line.entry.event == "intent"} == {
        line.entry.intent for line in lines if line.entry.event == "result"
    }
    gone = {line.entry.sid for line in lines if line.entry.outcome == "done"}
    assert gone == {sid for sid in due if not world.has("message", sid)}
    world.fake.store.faults.clear()
    run()
    assert world.number("message", "acme") == 0


def test_ctrl_c_ends_after_the_calls_on_their_way(acme, monkeypatch):
    due = acme.put("acme", "message", 31, 150)
    acme.fail("429", MESSAGES, method="DELETE", skip=5)
    with monkeypatch.context() as patch:
        interrupt_at_a_wait(acme, patch)
        with pytest.raises(KeyboardInterrupt):
            acme.retain()
    assert_nothing_is_lost(acme, due, acme.retain)


def test_ctrl_c_ends_the_emptying_of_an_account_the_same_way(acme, monkeypatch):
    due = acme.put("acme", "message", 1, 100)

    def empty():
        with acme.desk() as desk, open_job(desk, desk.ledger, Limits(percent=100)) as job:
            today = acme.time.now.date()
            finish_on_interrupt(job, lambda: delete_everything(job, "acme", acme.sids["acme"], today))

    acme.fail("429", MESSAGES, method="DELETE", skip=5)
    with monkeypatch.context() as patch:
        interrupt_at_a_wait(acme, patch)
        with pytest.raises(KeyboardInterrupt):
            empty()
    assert_nothing_is_lost(acme, due, empty)


def test_a_hold_that_only_the_ledger_gets_stops_a_running_job(acme, monkeypatch):
    [sid] = acme.put("acme", "message", 31)
    acme.fail("429", "*/Messages.json", method="GET")  # its wait lies between the choice of tenants and the first page

    def hold(_: float) -> None:
        with acme.open() as ledger:
            record_hold(ledger, acme.fake.account_sid, HeldTenant("acme", "claim 12", date(2026, 11, 1), "ana"))

    monkeypatch.setattr(acme.time, "sleep", hold, raising=False)
    report = acme.report_of(acme.retain())
    assert (report.standing, report.reason) == ("held", "it is held since 2026-11-01: claim 12")
    assert (acme.has("message", sid), acme.audit()) == (True, [])


def test_a_ledger_from_before_deletes_nothing_wrong_and_lacks_the_end(world):
    world.tenant("acme", REDACT)
    world.put("acme", "message", 31, 3, body="a")
    kept = world.put("acme", "message", 30, 2, body="b")
    world.retain()
    copyfile(world.address.path, world.folder / "before.db")
    world.time.now += timedelta(hours=1)
    world.put("acme", "message", 40, 2, body="c")
    end = world.report_of(world.retain(is_whole=True)).audit
    count = len(world.deletions())
    for suffix in ("", "-wal", "-shm"):
        world.address.path.with_name(f"{world.address.path.name}{suffix}").unlink(missing_ok=True)
    copyfile(world.folder / "before.db", world.address.path)
    report = world.retain(is_whole=True)
    assert (report.exit_code, report.done, len(world.deletions())) == (0, 0, count)
    assert {world.fake.store.archive(ARCHIVE).get(sid).body for sid in kept} == {"b"}
    lines = world.audit()
    ends = {"acme": ChainEnd(lines[-1].number, lines[-1].head)}
    [problem] = check_ends(ends, [f"acme={end}"], map(row_of, lines))
    assert problem.startswith(f"The audit of acme does not have the head {end}: it ends at ")
