"""Trouble of our own: a ledger that is down or locked, an application that fails, a storm of one tenant."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from receiver_world import SECRET, ReceiverWorld
from standardwebhooks import Webhook

from tenantry.ledger.notices import notices_of
from tenantry.ledger.opening import open_ledger
from tenantry.operations.caps.decide import decide_waiting
from tenantry.operations.notices.send import WAITS, Target, send_notices
from tenantry.receiver.service import Service
from tenantry.receiver.writer import NotDurableError, Received


@pytest.fixture
def world_on(tmp_path, address):
    """A world on each database."""
    world = ReceiverWorld(tmp_path, address)
    try:
        world.write()
        world.up()
        world.serve()
        yield world
    finally:
        world.close()


def test_a_cap_holds_on_each_database(world_on):
    world_on.fire(1000)
    world_on.work()
    assert (world_on.status(), world_on.reasons(), world_on.list_notices()) == (
        "suspended",
        ["cap"],
        ["tenant.suspended"],
    )


def test_while_the_ledger_is_down_twilio_is_asked_to_send_again(world):
    path = world.address.path
    away = path.with_suffix(".away")
    path.rename(away)
    world.fire(1000)
    [delivery] = world.control("/deliveries/run")
    assert [attempt["status"] for attempt in delivery["attempts"]] == [503] * 4
    answer = requests.get(f"{world.server.url}/healthz", timeout=120)
    assert (answer.status_code, answer.json()["problems"]) == (503, ["ledger"])
    away.rename(path)
    assert world.send() == 204
    assert requests.get(f"{world.server.url}/healthz", timeout=120).status_code == 200
    world.sweep()
    assert (world.status(), len(world.suspensions())) == ("suspended", 1)


def test_when_the_ledger_is_back_it_is_ready_without_a_request(world):
    world.stop()
    path, away = world.address.path, world.address.path.with_suffix(".away")

    async def lose_and_find():
        service = Service(world.settings)
        await service.start()
        path.rename(away)
        with pytest.raises(NotDurableError):
            await service.writer.write(Received())
        found = [service.problems]
        away.rename(path)
        await service.look_again()
        found.append(service.problems)
        await service.stop()
        return found

    assert asyncio.run(lose_and_find()) == [("ledger",), ()]


def test_a_ledger_that_takes_no_write_is_a_problem_from_the_start(world):
    world.stop()

    def rename(old, new):
        with open_ledger(world.address) as ledger:
            ledger.run(f"ALTER TABLE {old} RENAME TO {new}")

    async def begin():
        service = Service(world.settings)
        await service.start()
        found = [service.problems]
        await asyncio.to_thread(rename, "away", "cap_events")
        await service.look_again()
        found.append(service.problems)
        await service.stop()
        return found

    rename("cap_events", "away")
    assert asyncio.run(begin()) == [("ledger",), ()]


def test_a_storm_of_one_tenant_is_one_event(world):
    with ThreadPoolExecutor(16) as pool:
        statuses = set(pool.map(lambda _: world.send(), range(100)))
    assert (statuses, len(world.events())) == ({204}, 1)


def test_a_notice_that_fails_is_tried_again_ever_later_and_then_dead(world):
    world.application.answers.extend([500] * (len(WAITS) + 1))
    world.fire(1000)
    world.work()
    for wait in WAITS:
        world.move(wait + timedelta(seconds=1))
        world.work()
    with world.ledger() as ledger:
        [notice] = notices_of(ledger, world.parent)
    assert (notice.status, notice.attempts, notice.last_error) == ("dead", len(WAITS) + 1, "answered 500")
    ids = {got.headers["webhook-id"] for got in world.application.received}
    assert (len(world.application.received), len(ids)) == (len(WAITS) + 1, 1)


def test_while_a_secret_is_changed_both_sign(world):
    new = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
    world.fire(1000)
    with world.ledger() as ledger:
        decide_waiting(ledger, world.parent)
        send_notices(ledger, world.parent, Target(world.application.url, (new, SECRET)))
    [got] = world.application.received
    assert all(Webhook(secret).verify(got.body, got.headers) for secret in (new, SECRET))


def test_types_that_are_not_wanted_are_kept_and_not_sent(world):
    world.fire(1000)
    with world.ledger() as ledger:
        decide_waiting(ledger, world.parent)
        send_notices(ledger, world.parent, Target(world.application.url, (SECRET,), ("cap.*",)))
        [notice] = notices_of(ledger, world.parent)
    assert (notice.status, world.application.received) == ("waiting", [])


def test_figures_never_name_a_tenant(world):
    world.send()
    text = requests.get(f"{world.server.url}/metrics", timeout=120).text
    assert 'tenantry_receiver_requests_total{outcome="accepted"} 1.0' in text
    assert not any(word in text for word in ("acme", "AC", "UT"))
