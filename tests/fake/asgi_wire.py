"""The fake called in this process, without a server: an error of ours is raised here, and a hang is an error too."""

import asyncio
import base64
import json
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from faketwilio.app import create_app

WITHIN = 20  # seconds: far more than any request takes
DROP = "faketwilio.drop"


@dataclass(frozen=True)
class Reply:
    """An answer; status None is a connection that ended without one."""

    status: int | None
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""

    def json(self):
        return json.loads(self.body)


class AsgiWire:
    """Requests to one store, one after another, in one loop."""

    def __init__(self, store):
        self.store = store
        self._app = create_app(store)
        self._runner = asyncio.Runner()

    def close(self):
        """End what the fake still does by itself, such as a delivery that waits for its time."""
        self._runner.close()

    def basic(self, auth=None):
        user, password = auth or (self.store.parent_sid, self.store.parent.auth_token)
        return b"Basic " + base64.b64encode(f"{user}:{password}".encode())

    def __call__(self, method, target, *, host=b"api.twilio.com", headers=(), body=b"", auth=None):
        """Send bytes as they are; `target` is the path and the query as they stand in the request line."""
        sent = [(b"host", host), (b"authorization", self.basic(auth)), *headers]
        return self.raw(method, target, [pair for pair in sent if pair[1] is not None], body)

    def form(self, method, target, pairs, **more):
        headers = [(b"content-type", b"application/x-www-form-urlencoded")]
        return self(method, target, headers=headers, body=pairs, **more)

    def raw(self, method, target, headers, body):
        path, _, query = target.partition(b"?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote_to_bytes(path).decode("utf-8", "replace"),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in headers],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "extensions": {DROP: {"now": lambda: None, "reset": lambda: None}},
        }
        return self._runner.run(asyncio.wait_for(self._answer(scope, body), WITHIN))

    async def _answer(self, scope, body):
        received, sent = [{"type": "http.request", "body": body, "more_body": False}], []

        async def _receive():
            return received.pop() if received else {"type": "http.disconnect"}

        async def _send(message):
            sent.append(message)

        await self._app(scope, _receive, _send)
        if not sent:
            return Reply(None)
        whole = b"".join(message.get("body", b"") for message in sent[1:])
        return Reply(sent[0]["status"], tuple(sent[0]["headers"]), whole)
