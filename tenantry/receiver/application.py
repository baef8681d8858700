"""The ASGI application: its routes, its start and its end."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tenantry.receiver.callbacks import receive
from tenantry.receiver.pages import show_overview, tell_usage
from tenantry.receiver.recording import record_calls
from tenantry.receiver.service import Service
from tenantry.receiver.settings import ReceiverSettings, settings_here

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def make_application(read_settings: Callable[[], ReceiverSettings] = settings_here) -> Starlette:
    """Return a receiver; its settings are read when it starts."""

    @asynccontextmanager
    async def run(app: Starlette) -> AsyncIterator[None]:
        app.state.service = service = Service(read_settings())
        with record_calls(os.environ):
            await service.start()
            try:
                yield
            finally:
                await service.stop()

    return Starlette(routes=ROUTES, lifespan=run)


async def tell_health(request: Request) -> Response:
    """Answer 200 while it can do its work, else 503 with why not."""
    service: Service = request.app.state.service
    problems = service.problems
    health = {"status": "unavailable" if problems else "ok", "problems": list(problems)}
    return JSONResponse(health | {"shadow": service.settings.shadow}, 503 if problems else 200)


async def tell_metrics(request: Request) -> Response:
    """Answer with the figures for Prometheus."""
    service: Service = request.app.state.service
    service.metrics.queue.set(service.writer.waiting)
    service.metrics.tokens.set(len(service.tokens))
    return Response(service.metrics.text(), media_type=PROMETHEUS)


ROUTES = [
    Route("/healthz", tell_health, methods=["GET"]),
    Route("/metrics", tell_metrics, methods=["GET"]),
    Route("/operators", show_overview, methods=["GET"]),
    Route("/customers/{slug}/usage.json", tell_usage, methods=["GET"]),
    Route("/{path:path}", receive, methods=["GET", "POST"]),
]
application = make_application()
