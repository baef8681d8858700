"""What becomes of a call that Twilio does not simply answer: what is sent again, when it ends, and what it says."""

import itertools
import socket

import pytest

from faketwilio.server import FakeTwilio
from tenantry.model.api_key import ApiKeySpec
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import LostAnswer, NotFound, ParentGone, Refused, TooManyRequests, Unreachable
from tenantry.twilio.http.retry_policy import RetryPolicy
from tenantry.twilio.session import Session

WEB = ApiKeySpec(friendly_name="web#1")
BEFORE = ["503", "error", "html", "drop", "reset"]
AFTER = [f"{mode}-after-commit" for mode in BEFORE] + ["truncate"]


def _names(fake: FakeTwilio) -> list[str]:
    parent = fake.store.parent_sid
    return [account.friendly_name for account in fake.store.accounts_of(parent) if account.sid != parent]


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_429_is_sent_again_for_every_method(session: Session, acme: LiveAccount, goes_wrong, sleeps, method):
    key = session.api_keys.create(acme.sid, WEB)
    goes_wrong("429", method=method, times=3)
    session.api_keys.create(acme.sid, WEB)
    session.api_keys.list(acme.sid)
    session.api_keys.delete(acme.sid, key.sid)
    assert (sleeps.slept, session.traffic.throttled, session.traffic.waited) == ([0.5, 1.0, 2.0], 3, 3.5)


@pytest.mark.parametrize("mode", ["429", "503"])
def test_retry_after_is_waited_before_the_jitter(session: Session, goes_wrong, sleeps, mode):
    goes_wrong(mode, retry_after=7)
    session.subaccounts.all()
    assert sleeps.slept == [7.5]


def test_jitter_is_full(environ, sleeps, goes_wrong):
    shares = iter([0.0, 0.5])
    retry_policy = RetryPolicy(sleep=sleeps.sleep, monotonic=sleeps.monotonic, random=lambda: next(shares))
    goes_wrong("429", times=2)
    Session.from_env(environ, retry_policy=retry_policy).subaccounts.all()
    assert sleeps.slept == [0.0, 0.5]


def test_429_ends_with_the_budget_and_made_nothing(session: Session, fake: FakeTwilio, goes_wrong, sleeps):
    goes_wrong("429", times=100)
    with pytest.raises(TooManyRequests) as caught:
        session.subaccounts.create("Acme (acme)")
    assert str(caught.value) == (
        "Creating subaccount 'Acme (acme)': Twilio answered 429, error 20429 Too Many Requests, "
        "after 14 tries in 172 seconds, 172 of them waiting. "
        "Nothing was done; run again when fewer calls are in flight in the account."
    )
    assert (_names(fake), sum(sleeps.slept)) == ([], 171.5)


def test_the_seconds_that_tries_take_are_spent_from_the_budget_too(environ, goes_wrong):
    looks = itertools.count(0, 40)  # began, deadline and end of the first try, deadline of the second, …
    retry_policy = RetryPolicy(
        sleep=lambda _: None, monotonic=lambda: float(next(looks)), random=lambda: 0.0, budget=150
    )
    goes_wrong("drop", times=100)
    with pytest.raises(Unreachable, match="after 2 tries in 160 seconds, 0 of them waiting"):
        Session.from_env(environ, retry_policy=retry_policy).subaccounts.all()


def test_a_retry_after_beyond_the_budget_ends_at_once(session: Session, goes_wrong, sleeps):
    goes_wrong("429", retry_after=3600)
    with pytest.raises(TooManyRequests, match="20429 Too Many Requests, and asks to wait 3600 seconds"):
        session.subaccounts.all()
    assert sleeps.slept == []


@pytest.mark.parametrize("mode", [*BEFORE, *AFTER])
def test_a_get_is_sent_again_on_trouble(session: Session, acme: LiveAccount, goes_wrong, sleeps, mode):
    goes_wrong(mode, method="GET", times=3)
    assert session.subaccounts.all() == (acme,)
    assert sleeps.slept == [0.5, 1.0, 2.0]


def test_a_get_that_fails_on_every_try_is_unreachable(session: Session, goes_wrong):
    goes_wrong("503", method="GET", times=100)
    with pytest.raises(Unreachable) as caught:
        session.subaccounts.all()
    assert str(caught.value) == (
        "Listing the subaccounts: Twilio answered 503, error 20500 Service Unavailable, "
        "after 8 tries in 52 seconds, 52 of them waiting. "
        "Check the network and https://status.twilio.com, then run again."
    )


@pytest.mark.parametrize("mode", AFTER[:-1])
def test_a_delete_whose_answer_was_lost_is_not_found_when_sent_again(
    session: Session, acme: LiveAccount, goes_wrong, mode
):
    key = session.api_keys.create(acme.sid, WEB)
    goes_wrong(mode, method="DELETE")
    with pytest.raises(NotFound):
        session.api_keys.delete(acme.sid, key.sid)
    assert session.api_keys.list(acme.sid) == ()


def test_a_delete_that_fails_on_every_try_may_have_happened(session: Session, acme: LiveAccount, goes_wrong):
    key = session.api_keys.create(acme.sid, WEB)
    goes_wrong("drop", method="DELETE", times=100)
    with pytest.raises(
        LostAnswer, match=r"no answer from http://127\.0\.0\.1:\d+ in place of api\.twilio\.com: .*, after 8 tries"
    ):
        session.api_keys.delete(acme.sid, key.sid)


def test_a_delete_whose_answer_was_lost_may_have_happened_whatever_comes_later(
    session: Session, acme: LiveAccount, goes_wrong
):
    key = session.api_keys.create(acme.sid, WEB)
    goes_wrong("drop-after-commit", method="DELETE")
    goes_wrong("429", method="DELETE", times=100)
    with pytest.raises(LostAnswer, match="Twilio answered 429"):
        session.api_keys.delete(acme.sid, key.sid)


@pytest.mark.parametrize("code", [20162, 20409])
@pytest.mark.parametrize("status", [409, 400])
def test_what_was_not_done_because_of_anothers_change_is_sent_again(
    session: Session, fake: FakeTwilio, acme: LiveAccount, goes_wrong, sleeps, status, code
):
    goes_wrong("error", method="POST", status=status, code=code, times=2)
    assert session.subaccounts.update(acme.sid, status="suspended").status == "suspended"
    assert (sleeps.slept, fake.store.request_log.total) == ([0.5, 1.0], 3)


def test_anothers_change_that_does_not_end_is_told(session: Session, acme: LiveAccount, goes_wrong):
    goes_wrong("error", method="POST", status=409, code=20162, message="A conflicting update is in progress", times=99)
    text = "409, error 20162 A conflicting .*, after 8 tries in 52 seconds.*Somebody else is changing it too; run again"
    with pytest.raises(Refused, match=text):
        session.subaccounts.update(acme.sid, status="suspended")


def test_another_conflict_is_refused_at_once(session: Session, acme: LiveAccount, goes_wrong, sleeps):
    goes_wrong("error", method="POST", status=409, code=45202)
    with pytest.raises(Refused, match="Twilio answered 409, error 45202"):
        session.subaccounts.update(acme.sid, status="suspended")
    assert sleeps.slept == []


@pytest.mark.parametrize("code", ["[20162]", '{"20162": 1}', '"20162"', "null"])
def test_a_code_that_is_no_number_is_no_code(saying, http, code):
    with pytest.raises(Refused, match="Twilio answered 409"):
        saying(http(409, f'{{"code": {code}, "message": "x"}}')).subaccounts.create("Acme")


@pytest.mark.parametrize("mode", AFTER)
def test_a_post_is_not_sent_again_when_its_answer_is_lost(session: Session, fake: FakeTwilio, goes_wrong, sleeps, mode):
    goes_wrong(mode, method="POST")
    with pytest.raises(LostAnswer, match="It may or may not have happened; run again, which looks first"):
        session.subaccounts.create("Acme (acme)")
    assert (_names(fake), sleeps.slept) == (["Acme (acme)"], [])


@pytest.mark.parametrize("mode", BEFORE)
def test_a_post_that_failed_without_our_knowing_is_not_sent_again_either(
    session: Session, fake: FakeTwilio, goes_wrong, mode
):
    goes_wrong(mode, method="POST")
    with pytest.raises(LostAnswer):
        session.subaccounts.create("Acme (acme)")
    assert (_names(fake), fake.store.request_log.total) == ([], 1)


def test_a_post_that_nobody_listens_for_was_surely_not_sent(retry_policy: RetryPolicy, sleeps):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    session = Session.from_env(
        {
            "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
            "TWILIO_AUTH_TOKEN": "2" * 32,
            "TENANTRY_TWILIO_URL": f"http://127.0.0.1:{port}",
        },
        retry_policy=retry_policy,
    )
    with pytest.raises(
        Unreachable, match=r"no connection to http://127\.0\.0\.1:\d+ in place of api\.twilio\.com: connection refused"
    ):
        session.subaccounts.create("Acme (acme)")
    assert sleeps.slept == []


def test_no_post_is_sent_once_our_parent_is_gone_but_reads_are(environ, fake: FakeTwilio):
    session = Session.from_env(environ, may_send=lambda: False)
    assert session.subaccounts.all() == ()
    with pytest.raises(ParentGone, match="Creating subaccount 'Acme': the process that we work for has ended"):
        session.subaccounts.create("Acme")
    assert _names(fake) == []


def test_the_parent_is_asked_for_before_each_try(environ, fake: FakeTwilio, retry_policy: RetryPolicy, goes_wrong):
    alive = iter([True, False])
    goes_wrong("429", times=1)
    with pytest.raises(ParentGone):
        Session.from_env(environ, retry_policy=retry_policy, may_send=lambda: next(alive)).subaccounts.create("Acme")
    assert fake.store.request_log.total == 1


def test_a_proxys_page_does_not_say_that_something_is_gone(saying, http):
    session = saying(http(404, "<html>Not found</html>", "Content-Type: text/html"))
    with pytest.raises(Unreachable, match="Twilio answered 404, with a body that is not Twilio's, after 8 tries"):
        session.subaccounts.fetch("AC" + "3" * 32)


def test_a_proxys_page_for_a_write_is_a_lost_answer(saying, http):
    session = saying(http(200, "<html>Welcome to the hotel</html>"))
    with pytest.raises(LostAnswer, match="Twilio answered 200, with a body that is not Twilio's"):
        session.subaccounts.create("Acme")


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 507, 520])
def test_a_post_is_lost_where_a_server_gave_up(saying, http, status):
    with pytest.raises(LostAnswer, match=f"Twilio answered {status}"):
        saying(http(status, "{}")).subaccounts.create("Acme")


def test_what_is_not_implemented_was_not_done(saying, http):
    with pytest.raises(Refused, match="Twilio answered 501"):
        saying(http(501, "{}")).subaccounts.create("Acme")


def test_an_answer_that_breaks_off_is_lost(saying, http):
    session = saying(http(201, '{"sid": "AC1", "friendly_name": "Acme"}')[:-5])
    with pytest.raises(
        LostAnswer, match=r"no answer from http://127\.0\.0\.1:\d+ in place of api\.twilio\.com: the answer broke off"
    ):
        session.subaccounts.create("Acme")


def test_an_answer_that_breaks_off_between_chunks_is_lost(saying):
    session = saying(b'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"sid\r\n')
    with pytest.raises(LostAnswer, match="the answer broke off"):
        session.subaccounts.create("Acme")


@pytest.mark.parametrize("body", ["{oops}", "[]", '{"a": ' * 100_000, '{"n": ' + "1" * 5_000 + "}"])
def test_an_answer_that_is_no_json_of_twilios_is_lost(saying, http, body):
    with pytest.raises(LostAnswer, match="Twilio answered 201, with a body that is not Twilio's"):
        saying(http(201, body)).subaccounts.create("Acme")


def test_an_answer_that_drips_is_cut_off_and_a_get_sent_again(environ, goes_wrong, sleeps):
    looks = itertools.chain([0.0, 0.0], itertools.repeat(100.0))  # the first piece comes after 100 s
    retry_policy = RetryPolicy(sleep=sleeps.sleep, monotonic=lambda: next(looks), random=lambda: 1.0)
    goes_wrong("slow-body", ms=10)
    assert Session.from_env(environ, retry_policy=retry_policy).subaccounts.all() == ()
    assert sleeps.slept == [0.5]


def test_a_post_whose_answer_drips_is_lost(environ, fake: FakeTwilio, goes_wrong):
    looks = itertools.chain([0.0, 0.0], itertools.repeat(100.0))
    goes_wrong("slow-body", ms=10)
    with pytest.raises(
        LostAnswer,
        match=r"no answer from http://127\.0\.0\.1:\d+ in place of "
        r"api\.twilio\.com: the answer came too slowly to its end",
    ):
        Session.from_env(environ, retry_policy=RetryPolicy(monotonic=lambda: next(looks))).subaccounts.create("Acme")
    assert _names(fake) == ["Acme"]


def test_an_answer_that_does_not_come_in_time_is_lost(environ, fake: FakeTwilio, goes_wrong):
    goes_wrong("latency-after-commit", ms=60_000)
    with pytest.raises(
        LostAnswer,
        match=r"no answer from http://127\.0\.0\.1:\d+ in place of "
        r"api\.twilio\.com: it took too long to answer",
    ):
        Session.from_env(environ, retry_policy=RetryPolicy(read_timeout=0.5)).subaccounts.create("Acme")
    assert _names(fake) == ["Acme"]


def test_an_answer_may_take_longer_than_a_connection(environ, fake: FakeTwilio, goes_wrong):
    goes_wrong("latency", ms=1_000)
    policy = RetryPolicy(connect_timeout=0.5, trouble_tries=1)
    Session.from_env(environ, retry_policy=policy).subaccounts.create("Acme")
    assert _names(fake) == ["Acme"]


@pytest.mark.parametrize(("sentence", "room"), [("40", 40), ("many", 1), ("-3", 1), ("9" * 10, 1), ("٣", 1)])
def test_twilios_concurrency_header_is_read_where_it_is_a_number(saying, sentence, room):
    head = f"HTTP/1.1 200 OK\r\nContent-Length: 16\r\nConnection: close\r\nTwilio-Concurrent-Requests: {sentence}"
    session = saying(f'{head}\r\n\r\n{{"accounts": []}}'.encode())
    session.subaccounts.all()
    assert session._transport.limiter(session.parent_sid).limit.room == room
