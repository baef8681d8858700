"""Generations that a person takes out of a manifest by hand: an `up` keeps them until their successor is proven."""

import pytest
from rotation_world import ROTATED

ONE, TWO, BOTH = (ROTATED.replace("standard,", f"standard, generations: {numbers},") for numbers in ([1], [2], [1, 2]))


@pytest.fixture
def hasty(rotation):
    """Generation 2 is delivered, and generation 1 was taken out at once."""
    rotation.write("acme", BOTH)
    rotation.up()
    rotation.write("acme", TWO)
    return rotation


def test_nothing_is_asked_where_no_generation_is_to_go(rotation):
    rotation.list_requests()
    rotation.fake.store.request_log.clear()
    assert rotation.find_kept() == []
    assert rotation.list_requests() == []


def test_it_stays_until_the_overlap_is_over(hasty):
    [(generation, reason)] = hasty.find_kept()
    assert (generation, reason[:48]) == (1, "Its successor, generation 2, may stand alone fro")
    hasty.pass_days(7)
    assert hasty.find_kept() == []


def test_it_stays_where_the_successor_is_not_made(rotation):
    rotation.write("acme", TWO)
    rotation.pass_days(30)
    [(generation, reason)] = rotation.find_kept()
    assert (generation, "generation 2, was not made before this run" in reason) == (1, True)


def test_it_stays_where_a_sink_lacks_the_successor(rotation):
    rotation.write("acme", BOTH)
    rotation.up(deliver_keys=False)
    rotation.write("acme", TWO)
    rotation.pass_days(30)
    [(_, reason)] = rotation.find_kept()
    assert reason.startswith("disk lacks generation 2.")


def test_it_stays_where_twilio_does_not_take_the_successor(hasty):
    hasty.pass_days(30)
    hasty.spoil_secret("acme/api_key/web-2")
    [(_, reason)] = hasty.find_kept()
    assert "Twilio does not take generation 2" in reason


def test_it_stays_where_the_account_is_suspended(hasty):
    hasty.pass_days(30)
    hasty.set("acme", status="suspended")
    [(_, reason)] = hasty.find_kept()
    assert "is suspended at Twilio. Nothing is made or retired in it" in reason


def test_the_newest_stays_though_an_older_one_is_named(hasty):
    hasty.write("acme", ONE)
    hasty.pass_days(30)
    [(generation, reason)] = hasty.find_kept()
    assert (generation, "It is later than generation 1" in reason) == (2, True)


def test_a_person_can_waive_it(hasty):
    assert hasty.find_kept("acme/web") == []


def test_what_twilio_has_no_longer_goes(hasty):
    hasty.delete("acme/api_key/web-1")
    assert hasty.find_kept() == []


def test_a_key_without_sink_and_rotation_goes_as_before(hasty):
    hasty.write("acme", "api_keys:\n  web: {access: standard, generations: [2]}\n")
    assert hasty.find_kept() == []
