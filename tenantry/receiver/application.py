"""The ASGI application: its routes, its start and its end."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tenantry.receiver.callbacks import answer_callback
from tenantry.receiver.pages import show_overview, show_usage
from tenantry.receiver.service import Service
from tenantry.receiver.settings import ReceiverSettings, settings_here
from tenantry.telemetry.recorder import TRACE_PARENT, start_telemetry, stop_telemetry

log = logging.getLogger(__name__)

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def make_application(read_settings: Callable[[], ReceiverSettings] = settings_here) -> Starlette:
    """Return a receiver; its settings are read when it starts."""

    @asynccontextmanager
    async def run(app: Starlette) -> AsyncIterator[None]:
        _start_telemetry()
        app.state.service = service = Service(read_settings())
        await service.start()
        try:
            yield
        finally:
            await service.stop()
            await asyncio.to_thread(stop_telemetry)

    return Receiver(routes=ROUTES, lifespan=run)


class Receiver(Starlette):
    """Starlette for pages. What Twilio calls goes around its routes and middleware, a fifth of what a request costs."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or start and stop."""
        if scope["type"] == "http" and scope["method"] in CALLBACK_METHODS and not _is_page(scope):
            scope["app"] = self
            response = await answer_callback(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _is_page(scope: Scope) -> bool:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return path in PAGES or path.startswith("/customers/")


def _start_telemetry() -> None:
    """Let each request and call be a trace of its own: one trace of all that a receiver ever does has no use."""
    environ = {name: value for name, value in os.environ.items() if name != TRACE_PARENT}
    if complaint := start_telemetry(environ, "tenantry-receiver", is_part=True):
        log.warning(complaint)


async def show_health(request: Request) -> Response:
    """Answer 200 while it can do its work, else 503 with why not."""
    service: Service = request.app.state.service
    problems = service.problems
    health = {"status": "unavailable" if problems else "ok", "problems": list(problems)}
    return JSONResponse(health | {"shadow": service.settings.shadow}, 503 if problems else 200)


async def show_metrics(request: Request) -> Response:
    """Answer with the figures for Prometheus."""
    service: Service = request.app.state.service
    service.metrics.queue.set(service.writer.waiting + len(service.queue))
    service.metrics.tokens.set(len(service.tokens))
    return Response(service.metrics.text(), media_type=PROMETHEUS)


ROUTES = [
    Route("/healthz", show_health, methods=["GET"]),
    Route("/metrics", show_metrics, methods=["GET"]),
    Route("/operators", show_overview, methods=["GET"]),
    Route("/customers/{slug}/usage.json", show_usage, methods=["GET"]),
]
PAGES = frozenset(route.path for route in ROUTES)
CALLBACK_METHODS = ("GET", "POST")
application = make_application()
