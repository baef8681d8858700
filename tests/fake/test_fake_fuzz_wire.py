"""Bytes of any kind on the socket: an answer or an end of the connection, and the server is well afterwards."""

import base64
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faketwilio.server import FakeTwilio
from faketwilio.store.store import Store

ROOT = b"/2010-04-01/Accounts.json"
WITHIN = 10  # seconds


@pytest.fixture(scope="module")
def running():
    with FakeTwilio(Store(seed=5)) as fake:
        yield fake


def _exchange(fake, sent):
    """What comes back until the server ends the connection, which it is asked to do by our end of sending."""
    port = int(fake.url.rpartition(":")[2])
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=WITHIN) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                received += piece
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise  # a hang; but it may well hang up on what is no HTTP
    return received


def _auth(fake):
    return b"Basic " + base64.b64encode(f"{fake.account_sid}:{fake.auth_token}".encode())


def _is_well(fake):
    request = b"GET %b HTTP/1.1\r\nHost: api.twilio.com\r\nConnection: close\r\nAuthorization: %b\r\n\r\n"
    return _exchange(fake, request % (ROOT, _auth(fake))).startswith(b"HTTP/1.1 200 OK\r\n")


methods = st.sampled_from([b"GET", b"POST", b"DELETE", b"HEAD", b"BREW", b"\x00", b"CONNECT", b"get"])
targets = st.one_of(
    st.sampled_from(
        [ROOT, b"*", b"//", b"http://evil.example/", b"/_fake/state", b"/%", b"/%00", b"/%ff%fe", b"/\xff"]
    ),
    st.sampled_from([b"/{long}", b"/?{long}", b"//{long}", b"/../../etc/passwd", b""]),
    st.binary(max_size=30),
)
headers = st.lists(
    st.sampled_from(
        [
            b"Host: api.twilio.com",
            b"Host: a\x00b",
            b"Content-Length: 5",
            b"Content-Length: 99999999999999999999",
            b"Content-Length: -1",
            b"Transfer-Encoding: chunked",
            b"Transfer-Encoding: gzip, chunked",
            b"Expect: 100-continue",
            b"Upgrade: websocket",
            b"Connection: Upgrade",
            b"Authorization: Basic \xff",
            b"Content-Type: application/x-www-form-urlencoded",
            b"X: {long}",
            b": no name",
            b"no colon",
            b"A b: c",
        ]
    ),
    max_size=4,
)
bodies = st.sampled_from([b"", b"a=b", b"5\r\nhello\r\n0\r\n\r\n", b"ffffffffffffffff\r\n", b"zz\r\n", b"\x00{long}"])


@settings(max_examples=5 * settings.default.max_examples)
@given(methods, targets, st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/9.9", b""]), headers, bodies)
def test_no_bytes_break_the_server(running, method, target, version, lines, body):
    head = b"\r\n".join([b" ".join([method, target, version]), *lines])
    sent = (head + b"\r\n\r\n" + body).replace(b"{long}", b"a" * 70_000)
    answer = _exchange(running, sent)
    assert not answer.startswith(b"HTTP/1.1 5") or answer.startswith(b"HTTP/1.1 501"), answer[:300]
    assert _is_well(running)


def test_a_client_that_leaves_in_the_middle_of_its_request_harms_nobody(running):
    half = b"POST %b HTTP/1.1\r\nHost: api.twilio.com\r\nAuthorization: %b\r\nContent-Length: 100\r\n\r\nFriendlyName="
    _exchange(running, half % (ROOT, _auth(running)))
    assert len(running.store.accounts_of(running.account_sid)) == 1
    assert _is_well(running)


def test_many_that_hang_up_at_once_harm_nobody(running):
    port = int(running.url.rpartition(":")[2])
    for _ in range(200):
        socket.create_connection(("127.0.0.1", port), timeout=WITHIN).close()
    assert _is_well(running)
