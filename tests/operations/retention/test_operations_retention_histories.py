"""Random histories: nothing wrong is deleted, nothing is missed, a hold always wins, the audit is what happened."""

import pytest
from retention_history import History
from retention_world import RetentionWorld, Time

from faketwilio.server import FakeTwilio
from faketwilio.store.clock import Clock
from faketwilio.store.store import Store

FEW_TENANTS, TENANTS = 10, 40
"""Histories in one world: each tenant is one of its own."""
FEW, MANY = 5, 250


def play(folder, seed: int, tenants: int) -> None:
    time = Time()
    with FakeTwilio(Store(seed=seed, clock=Clock(time.timestamp))) as fake:
        history = History(RetentionWorld(folder, fake, time), seed, tenants)
        history.play()
        history.check_nothing_is_missed()
        history.check_audit()


@pytest.mark.parametrize("seed", range(FEW))
def test_histories_of_many_tenants_end_as_the_model_says(tmp_path, seed):
    play(tmp_path, seed, FEW_TENANTS)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(MANY))
def test_ten_thousand_histories_end_as_the_model_says(tmp_path, seed):
    play(tmp_path, seed, TENANTS)
