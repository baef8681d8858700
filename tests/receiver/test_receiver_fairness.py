"""A storm of one tenant delays its own requests, and those of nobody else."""

import asyncio
from contextlib import suppress
from threading import Event

import pytest
import requests
from receiver_world import HOST, PREFIX

from tenantry.receiver.fair_queue import CrowdedError, FairQueue
from tenantry.receiver.turns import BREATH, Turns


async def enter_all(queue, accounts):
    """Let requests of these accounts enter, all at once; return the accounts in the order of their turns."""
    order = []

    async def enter(account):
        with suppress(CrowdedError):
            await queue.enter(account)
            order.append(account)

    await asyncio.gather(*map(enter, accounts))
    return order


def test_who_waits_alone_has_a_turn_after_each_one_of_a_storm():
    order = asyncio.run(enter_all(FairQueue(at_once=4), [*["storm"] * 100, "birch", "cedar"]))
    assert (len(order), max(order.index("birch"), order.index("cedar")) < 8) == (102, True)


def test_two_storms_have_their_turns_in_equal_parts():
    order = asyncio.run(enter_all(FairQueue(at_once=1), [*["storm"] * 50, *["other"] * 50]))
    assert abs(order[:50].count("storm") - 25) <= 1


def test_more_than_an_account_may_have_waiting_are_sent_again():
    order = asyncio.run(enter_all(FairQueue(at_once=1, most_of_one=10), [*["storm"] * 100, "birch"]))
    assert (order.count("storm"), order.count("birch")) == (11, 1)


def test_who_went_away_takes_nobodys_turn():
    async def leave_and_enter():
        queue = FairQueue(at_once=1)
        tasks = [asyncio.create_task(queue.enter("storm")) for _ in range(3)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
        return len(queue)

    assert asyncio.run(leave_and_enter()) == 0


def test_what_is_too_much_is_put_off_and_never_refused(world):
    world.server.app.state.service.queue = FairQueue(at_once=0, most_of_one=0)
    url = f"{world.server.url}{PREFIX}/usage"
    headers = {"X-Twilio-Signature": world.sign(f"https://{HOST}{PREFIX}/usage")}
    answer = requests.post(url, data=world.callback(), headers=headers, timeout=120)
    assert (answer.status_code, "Retry-After" in answer.headers, answer.text) == (503, True, "crowded; send it again\n")
    world.server.app.state.service.queue = FairQueue()
    assert (world.send(), len(world.events())) == (204, 1)


class Rests(Event):
    """Notes how long a job rests, and does not."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def wait(self, timeout=None):
        self.seconds.append(timeout)
        return False


class Clock:
    """Stands until a test moves it."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(("since_answer", "rest"), [(None, BREATH), (0.125, BREATH), (0.0, 0.5625)])
def test_a_job_rests_longer_while_others_answer(world, since_answer, rest):
    clock, rests = Clock(), Rests()
    turns = Turns(clock)
    with world.ledger() as ledger:
        if since_answer is not None:
            with turns.answering(ledger):
                pass
            clock.now += since_answer
        with turns.deciding(ledger, rests):
            clock.now += 0.0625
    assert rests.seconds == [rest]
