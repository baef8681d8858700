"""When the fake logs a request: before its client can have read the end of the answer."""

import asyncio

import pytest

from faketwilio.faults.failures import DROP
from faketwilio.faults.middleware import Middleware
from faketwilio.store.fault import fault_of
from faketwilio.store.store import Store

SCOPE = {"type": "http", "method": "GET", "path": "/2010-04-01/Accounts.json", "query_string": b"", "headers": []}


async def _answer(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"begin", "more_body": True})
    await send({"type": "http.response.body", "body": b"end"})


def _list_log_sizes(store):
    """Return how many requests the log has as each message leaves, and as the connection is dropped."""
    asked = [{"type": "http.request"}]
    sizes = []

    async def _receive():
        return asked.pop() if asked else {"type": "http.disconnect"}

    async def _send(message):
        sizes.append((message.get("body", b"start"), len(store.request_log.log)))

    end = {"now": lambda: sizes.append((b"drop", len(store.request_log.log)))}
    scope = {**SCOPE, "extensions": {DROP: end}}
    asyncio.run(Middleware(_answer, store)(scope, _receive, _send))
    return sizes


def test_logs_a_request_once_before_the_end_of_its_answer():
    store = Store()
    assert _list_log_sizes(store) == [(b"start", 0), (b"begin", 0), (b"end", 1)]
    assert len(store.request_log.log) == 1
    assert store.request_log.as_json()["in_flight"] == 0


@pytest.mark.parametrize(
    ("mode", "seen"), [("drop", [(b"drop", 1)]), ("truncate", [(b"start", 0), (b"be", 0), (b"drop", 1)])]
)
def test_logs_a_request_before_its_connection_is_dropped(mode, seen):
    store = Store()
    store.faults.append(fault_of({"mode": mode}))
    assert _list_log_sizes(store)[: len(seen)] == seen
    assert len(store.request_log.log) == 1
