"""A server of our own on this machine, for the fakes of Vault and Kubernetes."""

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class SinkServer:
    """Serves one store over HTTP, remembers every answer, and does what a test tells it to do wrong."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.writes_left: int | None = None
        """After so many writes, every request is refused with 403; None for no end."""
        self.before_write: Callable[[], None] | None = None
        """Called once, before the next write is looked at: what somebody else does at that moment."""
        self.answer: Response | None = None
        """What every request is answered with, in place of the truth."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        routes = [Route("/{path:path}", self._serve, methods=["GET", "POST", "PATCH", "PUT", "DELETE"])]
        config = uvicorn.Config(Starlette(routes=routes), log_level="critical", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()

    def handle(self, method: str, path: str, request: Request, body: Any) -> tuple[int, Any]:
        """Return the status and the document of an answer; None for no content."""
        raise NotImplementedError

    def refuse(self) -> tuple[int, Any]:
        """Return the answer to who has no right."""
        raise NotImplementedError

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    async def _serve(self, request: Request) -> Response:
        body = await request.json() if await request.body() else None
        response = self.answer or self._respond(request, body)
        self.answers.append(bytes(response.body))
        return response

    def _respond(self, request: Request, body: Any) -> Response:
        if request.method != "GET":
            if self.before_write is not None:
                interfere, self.before_write = self.before_write, None
                interfere()
            if self.writes_left is not None:
                self.writes_left -= 1
        is_refused = self.writes_left is not None and self.writes_left < 0
        status, document = (
            self.refuse()
            if is_refused
            else self.handle(request.method, "/" + request.path_params["path"], request, body)
        )
        return Response(status_code=status) if document is None else JSONResponse(document, status)
