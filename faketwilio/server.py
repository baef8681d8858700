"""The fake on a port: uvicorn in a thread, started and stopped as a context manager."""

import asyncio
import contextlib
import socket
import struct
import threading
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from faketwilio.app import Operations, create_app
from faketwilio.faults.failures import DROP
from faketwilio.store.store import Store

KEEP_ALIVE = 75  # seconds: a client's pooled connection must not end under a POST that is never repeated
WITHIN = 10.0  # seconds until a server that does not start or stop is an error


class FakeTwilio:
    """A running fake: `with FakeTwilio() as fake:`, then talk to `fake.url` with the product's Host header."""

    def __init__(
        self,
        store: Store | None = None,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        operations: Operations | None = None,
    ) -> None:
        self.store = store or Store()
        self._operations = operations
        self._host = host
        self._port = port
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://{'127.0.0.1' if self._host == '0.0.0.0' else self._host}:{self._port}"  # noqa: S104 - all of them

    @property
    def account_sid(self) -> str:
        return self.store.parent_sid

    @property
    def auth_token(self) -> str:
        return self.store.parent.auth_token

    def start(self) -> Self:
        """Listen; raises OSError when the port is taken. Port 0 becomes a free one."""
        listener = _open_listener(self._host, self._port)
        self._port = listener.getsockname()[1]
        self._server = _Server(_make_config(create_app(self.store, self._operations)))
        self._thread = threading.Thread(target=self._run, args=(listener,), name="fake-twilio", daemon=True)
        self._thread.start()
        if not self._server.ready.wait(WITHIN):
            raise RuntimeError(f"the fake Twilio at {self.url} did not start within {WITHIN} s")
        return self

    def stop(self) -> None:
        """Stop at once, dropping what is in flight; safe to call twice."""
        if self._thread is None:
            return
        self._server.leave()
        self._thread.join(WITHIN)
        if self._thread.is_alive():
            raise RuntimeError(f"the fake Twilio at {self.url} did not stop within {WITHIN} s")
        self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self, listener: socket.socket) -> None:
        with listener:
            asyncio.run(self._server.serve([listener]))


def _open_listener(host: str, port: int) -> socket.socket:
    # With the protocol named, asyncio sets TCP_NODELAY; socket.create_server names none, and each answer takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """uvicorn without its signals and without its waiting: it ends at once, as a killed server does."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets)
        self.ready.set()
        await self._end.wait()
        await self._close()

    def leave(self) -> None:
        """End from another thread."""
        self._loop.call_soon_threadsafe(self._end.set)

    async def _close(self) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # uvicorn learns of the lost connections before their requests end without an answer
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Protocol(HttpToolsProtocol):
    """HTTP whose applications can close the connection, which ASGI has no word for."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        inner: Any = self.app

        async def _with_drop(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[DROP] = {"now": transport.abort, "reset": lambda: _reset(transport)}
            with contextlib.suppress(asyncio.CancelledError):  # only the end of the server cancels a request
                await inner(scope, receive, send)

        self.app = _with_drop


def _reset(transport: asyncio.Transport) -> None:
    # A close that lingers zero seconds is sent as RST instead of FIN.
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _make_config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
    )
