"""A fake Twilio for each test, a session at it that never really waits, and a server that says anything."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from faketwilio.server import FakeTwilio
from faketwilio.store.fault import Fault
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.http.retry_policy import RetryPolicy
from tenantry.twilio.session import Session


@dataclass
class Sleeps:
    """Remembers what it was asked to sleep, and lets that time pass on its own clock."""

    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def monotonic(self) -> float:
        return sum(self.slept)


class Witness:
    """What a fake was asked. It notes a call a moment after its answer has left, so we wait for the last note."""

    def __init__(self, fake: FakeTwilio) -> None:
        self._journal = fake.store.request_log

    def clear(self) -> None:
        self._settle()
        self._journal.clear()

    def log(self) -> list[tuple[str, str, str, int | None, str | None]]:
        """Return each call's method, host, path, status and account, in their order."""
        self._settle()
        return list(self._journal.log)

    def counts(self) -> dict[str, int]:
        """Return how often each method and path was called."""
        return dict(self._journal.count)

    def _settle(self) -> None:
        deadline = time.monotonic() + 10
        while self._journal.as_json()["in_flight"]:
            assert time.monotonic() < deadline, "the fake has not ended a request within 10 s"
            time.sleep(0.001)


@pytest.fixture
def witness(fake: FakeTwilio) -> Witness:
    return Witness(fake)


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def retry_policy(sleeps: Sleeps) -> RetryPolicy:
    """Every wait is its longest: the jitter is 1."""
    return RetryPolicy(sleep=sleeps.sleep, monotonic=sleeps.monotonic, random=lambda: 1.0)


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def environ(fake: FakeTwilio) -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
    }


@pytest.fixture
def session(environ: dict[str, str], retry_policy: RetryPolicy) -> Session:
    return Session.from_env(environ, retry_policy=retry_policy)


@pytest.fixture
def acme(session: Session, witness: Witness) -> LiveAccount:
    """A subaccount, made before the requests are counted."""
    account = session.subaccounts.create("Acme (acme)")
    session.accounts.all()
    witness.clear()
    return account


@pytest.fixture
def goes_wrong(fake: FakeTwilio) -> Callable[..., None]:
    """Order a fault: goes_wrong("503-after-commit", method="POST")."""
    return lambda mode, **order: fake.store.faults.append(Fault(mode, **order))


@pytest.fixture
def heads() -> list[bytes]:
    """The head of each request that `saying` has answered."""
    return []


@pytest.fixture
def saying(retry_policy: RetryPolicy, heads: list[bytes]) -> Iterator[Callable[[bytes], Session]]:
    """Open a session at a server that answers every call with these bytes and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        texts: list[bytes] = []
        thread = threading.Thread(target=_answer_all, args=(listener, texts, heads))
        thread.start()

        def _session(answer: bytes) -> Session:
            texts.append(answer)
            return Session.from_env(
                {
                    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
                    "TWILIO_AUTH_TOKEN": "2" * 32,
                    "TENANTRY_TWILIO_URL": f"http://127.0.0.1:{port}",
                },
                retry_policy=retry_policy,
            )

        yield _session
        with socket.create_connection(("127.0.0.1", port)) as last:
            last.sendall(b"END")
        thread.join()


def _answer_all(listener: socket.socket, text: list[bytes], heads: list[bytes]) -> None:
    while True:
        connection, _ = listener.accept()
        with connection:
            if (head := _read_request(connection)) == b"END":
                return
            heads.append(head)
            connection.sendall(text[-1])


def _read_request(connection: socket.socket) -> bytes:
    """Read a request to its end: hanging up on unread bytes would reset the connection under the answer."""
    read = connection.recv(65536)
    while read != b"END" and b"\r\n\r\n" not in read:
        read += connection.recv(65536)
    head, _, body = read.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return head


@pytest.fixture
def http() -> Callable[..., bytes]:
    """Write an HTTP answer: http(200, "{}", "Content-Type: text/html")."""

    def _http(status: int, body: str, *headers: str) -> bytes:
        head = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body.encode())}", "Connection: close", *headers]
        return ("\r\n".join(head) + "\r\n\r\n" + body).encode()

    return _http
