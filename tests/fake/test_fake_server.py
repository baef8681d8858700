"""The running server: seeds, ports, concurrency, size, and a quick end."""

import threading
import time

import pytest
import requests

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from faketwilio.store.store import Store

ROOT = "/2010-04-01/Accounts"


def _make(fake):
    auth, headers = (fake.account_sid, fake.auth_token), {"Host": "api.twilio.com"}
    return requests.post(f"{fake.url}{ROOT}.json", auth=auth, headers=headers, timeout=120).json()["sid"]


def test_the_same_seed_gives_the_same_twilio():
    seen = []
    for _ in range(2):
        with FakeTwilio(Store(seed=42)) as fake:
            seen.append((fake.account_sid, fake.auth_token, _make(fake)))
    assert seen[0] == seen[1]


def test_without_a_seed_each_twilio_is_another():
    assert Store().parent_sid != Store().parent_sid


def test_a_taken_port_is_an_error():
    with FakeTwilio() as fake, pytest.raises(OSError, match="in use"):
        FakeTwilio(port=int(fake.url.rpartition(":")[2])).start()


@pytest.mark.parametrize(("host", "reached_at"), [("localhost", "localhost"), ("0.0.0.0", "127.0.0.1")])
def test_its_url_is_where_it_listens(host, reached_at):
    with FakeTwilio(host=host) as fake:
        assert fake.url.startswith(f"http://{reached_at}:")
        assert _make(fake).startswith("AC")


def test_a_stopped_fake_answers_no_more_and_its_port_is_free_again():
    before = set(threading.enumerate())  # fakes of other tests live as long as these say
    with FakeTwilio() as fake:
        port = int(fake.url.rpartition(":")[2])
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{fake.url}/_fake/clock", timeout=120)
    with FakeTwilio(port=port) as again:
        assert again.url == fake.url
    assert "fake-twilio" not in [thread.name for thread in set(threading.enumerate()) - before]


def test_a_stop_does_not_wait_for_a_slow_answer(wire, fake):
    fake.store.latency_ms = 60_000
    lost = []

    def _get():
        with pytest.raises(requests.ConnectionError) as caught:
            wire("GET", f"{ROOT}.json")
        lost.append(caught.value)

    thread = threading.Thread(target=_get)
    thread.start()
    while not fake.store.request_log.most_in_flight:
        thread.join(0.01)
    started = time.monotonic()
    fake.stop()
    thread.join()
    assert len(lost) == 1
    assert time.monotonic() - started < 10


def test_requests_wait_side_by_side(wire, fake):
    fake.store.latency_ms = 300
    barrier = threading.Barrier(32)

    def _get():
        barrier.wait()
        with requests.Session() as session:
            auth, headers = (fake.account_sid, fake.auth_token), {"Host": "api.twilio.com"}
            session.get(f"{fake.url}{ROOT}.json", auth=auth, headers=headers, timeout=120)

    threads = [threading.Thread(target=_get) for _ in range(32)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - started < 32 * 0.3 / 2
    assert fake.store.request_log.most_in_flight > 16


def test_a_thousand_full_accounts_are_listed_at_once(wire, fake):
    for number in range(1000):
        created = {"create": "subaccount", "account": fake.account_sid, "fields": {"friendly_name": f"a {number}"}}
        act(fake.store, created)
    for account in fake.store.accounts_of(fake.account_sid)[:1000]:
        for kind in ["api_key"] * 4 + ["usage_trigger"] * 3 + ["event_sink", "event_subscription"]:
            act(fake.store, {"create": kind, "account": account.sid, "fields": {}})
    page = wire("GET", f"{ROOT}.json?PageSize=1000").json()
    rest = wire("GET", page["next_page_uri"]).json()
    assert (len(page["accounts"]), len(rest["accounts"]), rest["next_page_uri"]) == (1000, 1, None)
    keys = wire("GET", f"{ROOT}/{page['accounts'][500]['sid']}/Keys.json").json()["keys"]
    assert len(keys) == 4
