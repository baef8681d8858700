"""A status page that answers with something else, too much, too slowly or not to its end: each is one sentence."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tenantry.twilio.errors import Unreachable
from tenantry.twilio.status_page import LONGEST, StatusAddress, read_summary

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
EMPTY = {"status": {}, "components": [], "incidents": [], "scheduled_maintenances": []}


@contextmanager
def page(answer: bytes) -> Iterator[StatusAddress]:
    """Yield the address of a server that sends these bytes to whoever asks."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield StatusAddress(f"http://127.0.0.1:{server.server_address[1]}")
        server.shutdown()


def late() -> Callable[[], float]:
    """Return a clock on which an hour passes at each look."""
    times = iter(range(0, 100 * 3600, 3600))
    return lambda: float(next(times))


def test_a_summary_is_read():
    with page(OK + json.dumps(EMPTY).encode()) as address:
        assert read_summary(address) == EMPTY


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (OK + b"<html>Sign in to the network</html>", "is not the summary of a Statuspage"),
        (OK + b"[]", "is not the summary of a Statuspage"),
        (OK + b"[" * 200_000, "is not the summary of a Statuspage"),
        (OK + b"{" + b" " * LONGEST, "too long"),
        (b"\x16\x03\x01 what is this", "is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "is not HTTP, or broke off"),
        (b"HTTP/1.1 503 Busy\r\nConnection: close\r\n\r\n", "it answered 503"),
        (b"", "no answer from http://127.0.0.1"),
    ],
    ids=["HTML", "list", "deep", "huge", "not HTTP", "broken", "503", "nothing"],
)
def test_an_answer_that_is_none_is_one_sentence(answer, reason):
    with page(answer) as address, pytest.raises(Unreachable) as failed:
        read_summary(address)
    assert reason in str(failed.value)
    assert len(str(failed.value)) < 400


def test_an_answer_that_takes_too_long_to_end_is_none():
    with page(OK + json.dumps(EMPTY).encode()) as address, pytest.raises(Unreachable, match="too slowly to its end"):
        read_summary(address, monotonic=late())
