"""What the transport does when Twilio does not simply answer."""

import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tenantry.fake.server import FakeTwilio
from tenantry.model.api_key import ApiKeySpec
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import (
    LostAnswer,
    NotFound,
    ParentGone,
    TooManyRequests,
    Unauthorized,
    Unreachable,
)
from tenantry.twilio.patience import Patience
from tenantry.twilio.session import Session
from tenantry.twilio.transport import Transport

WEB = ApiKeySpec(friendly_name="web#1")


def _names(fake: FakeTwilio) -> list[str]:
    parent = fake.store.parent_sid
    return [account.friendly_name for account in fake.store.accounts_of(parent) if account.sid != parent]


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_429_is_sent_again_for_every_method(session: Session, acme: LiveAccount, goes_wrong, sleeps, method):
    made = session.api_keys.create(acme.sid, WEB)
    goes_wrong("429", method=method, times=3)
    session.api_keys.create(acme.sid, WEB)
    session.api_keys.list(acme.sid)
    session.api_keys.delete(acme.sid, made.sid)
    assert (sleeps.slept, session.traffic.throttled, session.traffic.waited) == ([0.5, 1.0, 2.0], 3, 3.5)


def test_retry_after_is_waited_before_the_jitter(session: Session, goes_wrong, sleeps):
    goes_wrong("429", retry_after=7)
    session.subaccounts.all()
    assert sleeps.slept == [7.5]


def test_jitter_is_full(environ, sleeps, goes_wrong):
    shares = iter([0.0, 0.5])
    patience = Patience(sleep=sleeps.sleep, monotonic=sleeps.monotonic, random=lambda: next(shares))
    goes_wrong("429", times=2)
    Session.from_env(environ, patience=patience).subaccounts.all()
    assert sleeps.slept == [0.0, 0.5]


def test_429_on_every_try_ends_and_made_nothing(session: Session, fake: FakeTwilio, goes_wrong, sleeps):
    goes_wrong("429", times=100)
    with pytest.raises(TooManyRequests) as caught:
        session.subaccounts.create("Acme (acme)")
    assert str(caught.value) == (
        "Creating subaccount 'Acme (acme)': Twilio answered 429, error 20429 Too Many Requests, "
        "after 12 tries in 132 seconds. Nothing was done; run again when less is going on in the account."
    )
    assert (_names(fake), sum(sleeps.slept)) == ([], 131.5)


def test_a_retry_after_beyond_the_limit_ends_at_once(session: Session, goes_wrong, sleeps):
    goes_wrong("429", retry_after=3600)
    with pytest.raises(TooManyRequests, match="and asks to wait 3600 seconds, after 1 try in 0 seconds"):
        session.subaccounts.all()
    assert sleeps.slept == []


@pytest.mark.parametrize("mode", ["503", "drop", "503-after-commit", "drop-after-commit"])
def test_a_get_is_sent_again_on_trouble(session: Session, acme: LiveAccount, goes_wrong, sleeps, mode):
    goes_wrong(mode, method="GET", times=3)
    assert session.subaccounts.all() == (acme,)
    assert sleeps.slept == [0.5, 1.0, 2.0]


def test_a_get_that_fails_on_every_try_is_unreachable(session: Session, goes_wrong):
    goes_wrong("503", method="GET", times=100)
    with pytest.raises(Unreachable) as caught:
        session.subaccounts.all()
    assert str(caught.value) == (
        "Listing the subaccounts: Twilio answered 503, error 20500 Service Unavailable, after 4 tries. "
        "Check the network and https://status.twilio.com, then run again."
    )


@pytest.mark.parametrize("mode", ["503-after-commit", "drop-after-commit"])
def test_a_delete_whose_answer_was_lost_is_not_found_when_sent_again(
    session: Session, acme: LiveAccount, goes_wrong, mode
):
    made = session.api_keys.create(acme.sid, WEB)
    goes_wrong(mode, method="DELETE")
    with pytest.raises(NotFound):
        session.api_keys.delete(acme.sid, made.sid)
    assert session.api_keys.list(acme.sid) == ()


def test_a_delete_that_fails_on_every_try_may_have_happened(session: Session, acme: LiveAccount, goes_wrong):
    made = session.api_keys.create(acme.sid, WEB)
    goes_wrong("drop", method="DELETE", times=100)
    with pytest.raises(LostAnswer, match=r"no answer from api\.twilio\.com: .*, after 4 tries"):
        session.api_keys.delete(acme.sid, made.sid)


@pytest.mark.parametrize("mode", ["503-after-commit", "drop-after-commit"])
def test_a_post_is_not_sent_again_when_its_answer_is_lost(session: Session, fake: FakeTwilio, goes_wrong, sleeps, mode):
    goes_wrong(mode, method="POST")
    with pytest.raises(LostAnswer, match="It may or may not have happened; run again, which looks first"):
        session.subaccounts.create("Acme (acme)")
    assert (_names(fake), sleeps.slept) == (["Acme (acme)"], [])


@pytest.mark.parametrize("mode", ["503", "drop"])
def test_a_post_that_failed_without_our_knowing_is_not_sent_again_either(
    session: Session, fake: FakeTwilio, goes_wrong, mode
):
    goes_wrong(mode, method="POST")
    with pytest.raises(LostAnswer):
        session.subaccounts.create("Acme (acme)")
    assert (_names(fake), fake.store.journal.total) == ([], 1)


def test_a_post_that_nobody_listens_for_was_surely_not_sent(patience: Patience):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    session = Session.from_env(
        {
            "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
            "TWILIO_AUTH_TOKEN": "2" * 32,
            "TENANTRY_TWILIO_URL": f"http://127.0.0.1:{port}",
        },
        patience=patience,
    )
    with pytest.raises(Unreachable, match=r"no connection to api\.twilio\.com: connection refused"):
        session.subaccounts.create("Acme (acme)")


def test_no_post_is_sent_once_our_parent_is_gone_but_reads_are(environ, fake: FakeTwilio):
    session = Session.from_env(environ, may_send=lambda: False)
    assert session.subaccounts.all() == ()
    with pytest.raises(ParentGone, match="Creating subaccount 'Acme': the process that we work for has ended"):
        session.subaccounts.create("Acme")
    assert _names(fake) == []


def test_the_parent_is_asked_for_before_each_try(environ, fake: FakeTwilio, patience: Patience, goes_wrong):
    alive = iter([True, False])
    goes_wrong("429", times=1)
    with pytest.raises(ParentGone):
        Session.from_env(environ, patience=patience, may_send=lambda: next(alive)).subaccounts.create("Acme")
    assert fake.store.journal.total == 1


def test_a_proxys_page_does_not_say_that_something_is_gone(saying, http):
    session = saying(http(404, "<html>Not found</html>", "Content-Type: text/html"))
    with pytest.raises(Unreachable, match="Twilio answered 404, with a body that is not Twilio's, after 4 tries"):
        session.subaccounts.fetch("AC" + "3" * 32)


def test_a_proxys_page_for_a_write_is_a_lost_answer(saying, http):
    session = saying(http(200, "<html>Welcome to the hotel</html>"))
    with pytest.raises(LostAnswer, match="Twilio answered 200, with a body that is not Twilio's"):
        session.subaccounts.create("Acme")


def test_an_answer_that_breaks_off_is_lost(saying, http):
    session = saying(http(201, '{"sid": "AC1", "friendly_name": "Acme"}')[:-5])
    with pytest.raises(LostAnswer, match=r"no answer from api\.twilio\.com: the answer broke off"):
        session.subaccounts.create("Acme")


def test_an_answer_that_is_almost_json_is_lost(saying, http):
    with pytest.raises(LostAnswer, match="the answer was not JSON"):
        saying(http(201, "{oops}")).subaccounts.create("Acme")


def test_a_redirect_is_not_followed(saying, http):
    session = saying(http(302, "{}", "Location: https://evil.example/"))
    with pytest.raises(Unreachable, match="Twilio answered 302"):
        session.subaccounts.all()


def test_a_link_to_a_next_page_elsewhere_gets_no_credentials(saying, http):
    sneaky = '{"meta": {"key": "sinks", "next_page_url": "https://evil.example/v1/Sinks"}, "sinks": []}'
    session = saying(http(200, sneaky))
    session.accounts.remember(LiveAccount("AC" + "4" * 32, "Acme", "active", "AC" + "1" * 32, "5" * 32))
    with pytest.raises(Unreachable, match=r"would go to https://evil\.example, which is not Twilio's"):
        session.event_sinks.list("AC" + "4" * 32)


def test_cookies_are_not_kept_where_they_would_cross_accounts(saying, http):
    transport = Transport()
    session = saying(http(200, '{"accounts": []}', "Set-Cookie: session=acme; Path=/"))
    session.subaccounts.all()
    assert (len(session._transport._session.cookies), len(transport._session.cookies)) == (0, 0)


def test_twilios_clock_is_followed(environ, fake: FakeTwilio):
    ours = datetime(2020, 1, 1, tzinfo=UTC)
    session = Session.from_env(environ, clock=lambda: ours)
    before = session.twilio_now()
    fake.store.clock.advance(3600)
    session.subaccounts.all()
    ahead = session.twilio_now() - fake.store.clock.now()
    assert (before, abs(ahead) < timedelta(seconds=5)) == (ours, True)


def test_each_call_is_one_debug_line_without_query_or_token(
    session: Session, acme: LiveAccount, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.DEBUG, logger="tenantry"):
        session.subaccounts.named("Acme (acme)")
    lines = [record.getMessage() for record in caplog.records]
    assert [line.rsplit(" ", 2)[0] for line in lines] == ["GET /2010-04-01/Accounts.json 200"]


def test_no_token_and_no_secret_is_in_any_log(session: Session, fake: FakeTwilio, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        account = session.subaccounts.create("Acme (acme)")
        secret = session.api_keys.create(account.sid, WEB).secret or "?"
        session.event_sinks.list(account.sid)
    assert [word for word in (account.auth_token, fake.auth_token, secret) if word in caplog.text] == []


def test_64_threads_each_get_their_own_answer(session: Session, fake: FakeTwilio, acme: LiveAccount):
    fake.store.latency_ms = 20
    with ThreadPoolExecutor(64) as threads:
        keys = list(
            threads.map(lambda n: session.api_keys.create(acme.sid, ApiKeySpec(friendly_name=f"k#{n}")), range(64))
        )
        found = list(threads.map(lambda key: session.api_keys.fetch(acme.sid, key.sid), keys))
    assert [key.spec.friendly_name for key in found] == [f"k#{n}" for n in range(64)]
    assert session.traffic.most_in_flight > 1


def test_too_many_at_once_is_only_slower(environ, fake: FakeTwilio, acme: LiveAccount):
    session = Session.from_env(environ, patience=Patience(first_wait=0.005, longest_wait=0.05, throttled_tries=1000))
    fake.store.latency_ms = 5
    fake.store.behaviour = fake.store.behaviour.changed({"max_concurrent_requests": 8})
    with ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda _: session.api_keys.create(acme.sid, WEB), range(24)))
    assert len(session.api_keys.list(acme.sid)) == 24


def test_the_credentials_of_a_suspended_account_are_refused(session: Session, acme: LiveAccount):
    session.subaccounts.update(acme.sid, status="suspended")
    with pytest.raises(Unauthorized, match="neither suspended nor closed"):
        session.event_sinks.list(acme.sid)
