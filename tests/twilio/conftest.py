"""A fake Twilio for each test, a session at it that never really waits, and a server that says anything."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tenantry.fake.faults import Fault
from tenantry.fake.server import FakeTwilio
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.patience import Patience
from tenantry.twilio.session import Session


@dataclass
class Sleeps:
    """Remembers what it was asked to sleep, and lets that time pass on its own clock."""

    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def monotonic(self) -> float:
        return sum(self.slept)


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def patience(sleeps: Sleeps) -> Patience:
    """Every wait is its longest: the jitter is 1."""
    return Patience(sleep=sleeps.sleep, monotonic=sleeps.monotonic, random=lambda: 1.0)


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
def session(environ: dict[str, str], patience: Patience) -> Session:
    return Session.from_env(environ, patience=patience)


@pytest.fixture
def acme(session: Session, fake: FakeTwilio) -> LiveAccount:
    """A subaccount, made before the requests are counted."""
    account = session.subaccounts.create("Acme (acme)")
    session.accounts.all()
    fake.store.journal.clear()
    return account


@pytest.fixture
def requests_made(fake: FakeTwilio) -> Callable[[], dict[str, int]]:
    """Return how often each method and path was called."""
    return lambda: dict(fake.store.journal.count)


@pytest.fixture
def goes_wrong(fake: FakeTwilio) -> Callable[..., None]:
    """Order a fault: goes_wrong("503-after-commit", method="POST")."""
    return lambda mode, **order: fake.store.faults.append(Fault(mode, **order))


@pytest.fixture
def saying(patience: Patience) -> Iterator[Callable[[bytes], Session]]:
    """Open a session at a server that answers every call with these bytes and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        said: list[bytes] = []
        thread = threading.Thread(target=_answer_all, args=(listener, said))
        thread.start()

        def _session(answer: bytes) -> Session:
            said.append(answer)
            return Session.from_env(
                {
                    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
                    "TWILIO_AUTH_TOKEN": "2" * 32,
                    "TENANTRY_TWILIO_URL": f"http://127.0.0.1:{port}",
                },
                patience=patience,
            )

        yield _session
        with socket.create_connection(("127.0.0.1", port)) as last:
            last.sendall(b"END")
        thread.join()


def _answer_all(listener: socket.socket, said: list[bytes]) -> None:
    while True:
        connection, _ = listener.accept()
        with connection:
            asked = connection.recv(65536)
            if asked == b"END":
                return
            connection.sendall(said[-1])


@pytest.fixture
def http() -> Callable[..., bytes]:
    """Write an HTTP answer: http(200, "{}", "Content-Type: text/html")."""

    def _http(status: int, body: str, *headers: str) -> bytes:
        head = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body.encode())}", "Connection: close", *headers]
        return ("\r\n".join(head) + "\r\n\r\n" + body).encode()

    return _http
