"""What a failed connection means: the errors are real ones, from sockets that nobody or somebody bad listens on."""

import socket
import ssl

import pytest
import requests
from urllib3 import PoolManager, ProxyManager
from urllib3.exceptions import DecodeError, HTTPError, IncompleteRead, ProtocolError, ProxyError, SSLError

from tenantry.twilio.errors import LostAnswer, Unreachable
from tenantry.twilio.http.trouble import AnswerTooSlow, is_never_sent, reason
from tenantry.twilio.session import Session


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _failure(url: str, through: PoolManager | None = None, timeout: float = 5) -> HTTPError:
    with pytest.raises(HTTPError) as caught:
        (through or PoolManager()).request("POST", url, retries=False, timeout=timeout)
    return caught.value


def test_a_refused_connection_was_not_sent(closed_port: int):
    error = _failure(f"http://127.0.0.1:{closed_port}/")
    assert (is_never_sent(error), reason(error)) == (True, "connection refused")


def test_a_proxy_that_is_not_there_sent_nothing(closed_port: int):
    error = _failure("https://api.twilio.com/", ProxyManager(f"http://127.0.0.1:{closed_port}"))
    assert (is_never_sent(error), reason(error)) == (True, "connection refused")


def test_a_name_that_is_not_known_was_not_sent():
    error = _failure("http://twilio.invalid/")
    assert is_never_sent(error)


def test_an_answer_that_takes_too_long_may_have_been_sent():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = _failure(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.05)
    assert (is_never_sent(error), reason(error)) == (False, "it took too long to answer")


@pytest.mark.parametrize(
    ("error", "sent_nothing", "sentence"),
    [
        (requests.exceptions.SSLError(ssl.SSLCertVerificationError(1, "self-signed")), True, "self-signed"),
        (SSLError(ssl.SSLCertVerificationError(1, "self-signed")), True, "self-signed"),
        (requests.exceptions.SSLError("EOF"), False, "no secure connection"),
        (SSLError("EOF"), False, "no secure connection"),
        (ProxyError("https://x/?secret", ValueError()), True, "the proxy refused"),
        (ProtocolError("https://x/?secret", IncompleteRead(1, 2)), False, "the answer broke off"),
        (DecodeError("https://x/?secret"), False, "the answer broke off"),
        (ProtocolError("https://x/?secret", ConnectionResetError(104, "Gone")), False, "gone"),
        (AnswerTooSlow("https://x/?secret"), False, "the answer came too slowly to its end"),
        (requests.ConnectionError("https://x/?secret"), False, "the connection broke off"),
    ],
)
def test_a_reason_never_quotes_the_error_itself(error, sent_nothing, sentence):
    assert (is_never_sent(error), reason(error)) == (sent_nothing, sentence)


def test_a_lost_answer_is_not_mistaken_for_an_unsent_call(
    session: Session, goes_wrong, closed_port: int, environ, retry_policy
):
    nowhere = Session.from_env(
        {**environ, "TENANTRY_TWILIO_URL": f"http://127.0.0.1:{closed_port}"}, retry_policy=retry_policy
    )
    goes_wrong("drop-after-commit", method="POST")
    try:
        nowhere.subaccounts.create("Acme")
    except Unreachable:
        with pytest.raises(LostAnswer):
            session.subaccounts.create("Acme")


def test_twilio_itself_is_reached_through_the_environments_proxy(
    environ, retry_policy, closed_port: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    session = Session.from_env({**environ, "TENANTRY_TWILIO_URL": ""}, retry_policy=retry_policy)
    with pytest.raises(
        Unreachable,
        match=r"no connection to api\.twilio\.com through the proxy "
        r"http://127\.0\.0\.1:\d+: connection refused, after 4 tries",
    ):
        session.subaccounts.all()
