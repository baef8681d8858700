"""Before messages are deleted, what came of each of their days is in the ledger."""

from datetime import timedelta
from functools import partial

from retention_world import ALL, NOW, RetentionWorld

from tenantry.ledger.health_days import HealthDay, add_days, read_days
from tenantry.operations.health.rollup import read_settled_days
from tenantry.operations.retention.story import Asked, Desk, retain_records
from tenantry.operations.retention.values import RetentionReport

RULE = "retention: {messages: {keep_days: 10}}\n"


def retain(world: RetentionWorld) -> RetentionReport:
    with world.desk() as desk:
        whole = Desk(
            *(desk.root, desk.loaded, desk.state, desk.session, desk.ledger), partial(read_settled_days, desk.session)
        )
        return retain_records(whole, Asked(limits=ALL))


def days(world: RetentionWorld) -> dict[int, tuple[int, int, int]]:
    """Return by age in days how many messages were sent, delivered and not delivered on the days that are kept."""
    first = NOW.date() - timedelta(days=100)
    with world.open() as ledger:
        found = read_days(ledger, world.fake.account_sid, first, NOW.date()).get(world.sids["acme"], ())
    return {(NOW.date() - day.day).days: (day.messages, day.delivered, day.undelivered) for day in found}


def lists(world: RetentionWorld) -> int:
    log = world.fake.store.request_log.log
    return sum(1 for method, _, path, *_ in log if method == "GET" and path.endswith("/Messages.json"))


def test_the_days_of_what_is_deleted_are_kept(world):
    world.tenant("acme", RULE)
    world.put("acme", "message", 20, 3, status="delivered")
    world.put("acme", "message", 20, 2, status="failed", date_sent=None, error_code=30008)
    world.put("acme", "message", 12, 4, status="delivered")
    world.put("acme", "message", 3, 5, status="delivered")
    assert retain(world).done == 9
    found = days(world)
    assert (found[20], found[12], found[15]) == ((5, 3, 2), (4, 4, 0), (0, 0, 0))
    assert (min(found), max(found)) == (11, 20)


def test_days_that_are_kept_already_cost_no_call_and_stay(world):
    sid = world.tenant("acme", RULE)
    world.put("acme", "message", 12, 4, status="delivered")
    kept = [HealthDay(NOW.date() - timedelta(days=age), 7, 7, 0, 0, 0, 0) for age in (11, 12)]
    with world.open() as ledger, ledger.writing():
        add_days(ledger, world.fake.account_sid, sid, "acme", kept)
    retain(world)
    with_days = lists(world)
    assert days(world)[12] == (7, 7, 0)
    world.put("acme", "message", 12, 4, status="delivered")
    world.retain()
    assert lists(world) == 2 * with_days


def test_the_next_run_goes_on_where_the_last_one_ended(world):
    world.tenant("acme", RULE)
    world.put("acme", "message", 12, 4, status="delivered")
    retain(world)
    world.put("acme", "message", 13, 1, status="delivered")  # one that came into view late
    world.put("acme", "message", 10, 2, status="delivered")
    world.time.now += timedelta(days=1)
    retain(world)
    world.time.now -= timedelta(days=1)
    assert (days(world)[12], days(world)[10]) == ((4, 4, 0), (2, 2, 0))
    assert 13 not in days(world)


def test_nothing_is_deleted_where_the_days_can_not_be_read(world):
    world.tenant("acme", RULE)
    world.put("acme", "message", 12, 4, status="delivered")

    def refuse(*_: object) -> tuple[HealthDay, ...]:
        return read_settled_days(world.session(), "AC" + "9" * 32, NOW.date(), NOW.date())

    with world.desk() as desk:
        report = retain_records(
            Desk(desk.root, desk.loaded, desk.state, desk.session, desk.ledger, refuse), Asked(limits=ALL)
        )
    assert (report.exit_code, world.number("message", "acme"), days(world)) == (1, 4, {})


def test_what_is_redacted_needs_no_evidence(world):
    world.tenant("acme", "retention: {messages: {keep_days: 10, action: redact}}\n")
    world.put("acme", "message", 12, 4, status="delivered")
    retain(world)
    assert days(world) == {}
