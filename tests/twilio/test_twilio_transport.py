"""Where the transport sends calls, what it keeps of them, and in whose turn."""

import contextlib
import gzip
import json
import logging
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from tenantry.model.api_key import ApiKeySpec
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import LostAnswer, NotFound, Unauthorized, Unreachable
from tenantry.twilio.http.limit import FIRST, Limit
from tenantry.twilio.http.retry_policy import RetryPolicy
from tenantry.twilio.http.transport import LONGEST_ANSWER
from tenantry.twilio.session import Session

WEB = ApiKeySpec(friendly_name="web#1")


@pytest.mark.parametrize("headers", [[], ["Location: https://evil.example/"]])
def test_a_redirect_is_neither_followed_nor_taken_for_an_answer(saying, http, headers):
    session = saying(http(302, json.dumps({"sid": "AC" + "3" * 32}), *headers))
    with pytest.raises(Unreachable, match="Twilio answered 302"):
        session.subaccounts.fetch("AC" + "3" * 32)


def test_a_link_to_a_next_page_elsewhere_gets_no_credentials(saying, http):
    sneaky = '{"meta": {"key": "sinks", "next_page_url": "https://evil.example/v1/Sinks"}, "sinks": []}'
    session = saying(http(200, sneaky))
    session.accounts.remember(LiveAccount("AC" + "4" * 32, "Acme", "active", "AC" + "1" * 32, "5" * 32))
    with pytest.raises(Unreachable, match=r"would go to https://evil\.example, which is not Twilio's"):
        session.event_sinks.list("AC" + "4" * 32)


def test_cookies_are_not_kept_where_they_would_cross_accounts(saying, heads, http):
    session = saying(http(200, '{"accounts": []}', "Set-Cookie: session=acme; Path=/"))
    session.subaccounts.all()
    session.subaccounts.all()
    assert [head for head in heads if b"cookie" in head.lower()] == []
    assert len(heads) == 2


def test_each_call_is_one_debug_line_without_query_or_token(
    session: Session, acme: LiveAccount, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.DEBUG, logger="tenantry"):
        session.subaccounts.find_named("Acme (acme)")
    lines = [record.getMessage() for record in caplog.records]
    assert [line.rsplit(" ", 2)[0] for line in lines] == ["GET /2010-04-01/Accounts.json 200"]


def test_no_token_and_no_secret_is_in_any_log(session: Session, fake: FakeTwilio, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        account = session.subaccounts.create("Acme (acme)")
        secret = session.api_keys.create(account.sid, WEB).secret or "?"
        session.event_sinks.list(account.sid)
    assert [word for word in (account.auth_token, fake.auth_token, secret) if word in caplog.text] == []


def test_calls_one_after_the_other_share_a_connection(session: Session, fake: FakeTwilio, acme: LiveAccount):
    for _ in range(3):
        session.api_keys.delete(acme.sid, session.api_keys.create(acme.sid, WEB).sid)
        with contextlib.suppress(NotFound):
            session.api_keys.fetch(acme.sid, "SK" + "1" * 32)
    assert session._transport._pools.get(fake.url).num_connections == 1


def test_64_threads_each_get_their_own_answer(session: Session, fake: FakeTwilio, acme: LiveAccount):
    fake.store.latency_ms = 20
    with ThreadPoolExecutor(64) as threads:
        keys = list(
            threads.map(lambda n: session.api_keys.create(acme.sid, ApiKeySpec(friendly_name=f"k#{n}")), range(64))
        )
        found = list(threads.map(lambda key: session.api_keys.fetch(acme.sid, key.sid), keys))
    assert [key.spec.friendly_name for key in found] == [f"k#{n}" for n in range(64)]
    assert session.traffic.most_in_flight > 1


def test_64_threads_at_a_low_cap_all_get_through_with_few_429s(environ, fake: FakeTwilio, acme: LiveAccount):
    session = Session.from_env(environ, retry_policy=RetryPolicy(first_wait=0.005, longest_wait=0.05))
    fake.store.latency_ms = 5
    fake.store.behaviour = fake.store.behaviour.with_values({"max_concurrent_requests": 8})
    with ThreadPoolExecutor(64) as threads:
        list(threads.map(lambda _: session.api_keys.create(acme.sid, WEB), range(400)))
    assert len(session.api_keys.list(acme.sid)) == 400
    assert session.traffic.throttled < 60, "at most 16 at once in the beginning, then one in 48"


def test_a_packed_answer_is_unpacked_whole(saying):
    noise = random.Random(1).randbytes(200_000).hex()  # so that it stays longer than what is read at a time
    packed = gzip.compress(json.dumps({"accounts": [{"sid": "AC" + "3" * 32, "friendly_name": noise}]}).encode())
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(packed)}\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
    (account,) = saying(head.encode() + packed).subaccounts.all()
    assert account.friendly_name == noise


def test_an_answer_longer_than_twilios_is_not_read_to_its_end(saying):
    packed = gzip.compress(b" " * (LONGEST_ANSWER + 1))
    head = f"HTTP/1.1 201 Made\r\nContent-Length: {len(packed)}\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
    with pytest.raises(
        LostAnswer,
        match=r"no answer from http://127\.0\.0\.1:\d+ in place of "
        r"api\.twilio\.com: the answer was longer than any of Twilio's",
    ):
        saying(head.encode() + packed).subaccounts.create("Acme")


def test_the_longest_answer_has_room_for_ten_of_the_longest_lists(session: Session, fake: FakeTwilio):
    order = {"create": "subaccount", "account": fake.account_sid, "fields": {"friendly_name": "x" * 64}}
    for _ in range(1000):
        act(fake.store, order)
    record = f"{fake.url}/2010-04-01/Accounts.json?PageSize=1000"
    answer = requests.get(
        record, auth=(fake.account_sid, fake.auth_token), headers={"Host": "api.twilio.com"}, timeout=30
    )
    assert 1_000_000 < len(answer.content) < LONGEST_ANSWER / 10


def test_reads_and_deletes_get_through_whatever_goes_wrong(environ, fake: FakeTwilio, acme: LiveAccount, goes_wrong):
    session = Session.from_env(environ, retry_policy=RetryPolicy(first_wait=0.001, longest_wait=0.01))
    keys = [session.api_keys.create(acme.sid, WEB).sid for _ in range(150)]
    often = {"429": 0.2, "reset-after-commit": 0.05, "503-after-commit": 0.05, "html": 0.02, "truncate": 0.02}
    for seed, (mode, probability) in enumerate(often.items()):
        goes_wrong(mode, probability=probability, seed=seed, times=None)
    with ThreadPoolExecutor(64) as threads:
        found = list(threads.map(lambda sid: session.api_keys.fetch(acme.sid, sid).sid, keys))
        list(threads.map(lambda sid: _delete(session, acme, sid), keys))
    fake.store.faults.clear()
    assert (found, session.api_keys.list(acme.sid)) == (keys, ())


def test_one_accounts_429s_slow_no_other_account(session: Session, acme: LiveAccount, goes_wrong):
    goes_wrong("429", account=acme.sid, times=5)
    session.event_sinks.list(acme.sid)
    limits = [session._transport.limiter(sid).limit.value for sid in (acme.sid, session.parent_sid)]
    assert limits[0] < FIRST <= limits[1]


def test_a_server_in_trouble_does_not_tell_how_much_it_takes(saying, http):
    session = saying(http(503, "{}", "Twilio-Concurrent-Requests: 40"))
    with pytest.raises(Unreachable):
        session.subaccounts.all()
    assert session._transport.limiter(session.parent_sid).limit == Limit()


def test_connections_are_kept_whatever_the_answer(session: Session, acme: LiveAccount, goes_wrong, caplog):
    with caplog.at_level(logging.DEBUG, logger="urllib3.connectionpool"):
        key = session.api_keys.create(acme.sid, WEB)
        goes_wrong("503", method="GET")
        session.api_keys.list(acme.sid)
        session.api_keys.delete(acme.sid, key.sid)
        session.api_keys.list(acme.sid)
    assert [line for line in caplog.messages if "new HTTP" in line] == []


def test_the_credentials_of_a_suspended_account_are_refused(session: Session, acme: LiveAccount):
    session.subaccounts.update(acme.sid, status="suspended")
    with pytest.raises(Unauthorized, match="neither suspended nor closed"):
        session.event_sinks.list(acme.sid)


def _delete(session: Session, account: LiveAccount, sid: str) -> None:
    with contextlib.suppress(NotFound):  # so it is told when the first answer was lost
        session.api_keys.delete(account.sid, sid)
