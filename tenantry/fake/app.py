"""The ASGI application: one Host a product, the control plane on any host, a loud 501 for the rest."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Host, Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from tenantry.fake.call import Operation
from tenantry.fake.control import control_plane
from tenantry.fake.delivery.courier import Courier
from tenantry.fake.edge import Edge
from tenantry.fake.endpoint import endpoint, not_built
from tenantry.fake.hosts import API, operations_by_host
from tenantry.fake.store import Store

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create_app(store: Store) -> Starlette:
    """A Twilio whose whole state is that store."""
    products = operations_by_host()
    store.worker = Courier(store)
    hosts = [Host(host, app=_product(store, host, operations)) for host, operations in products.items()]
    twilio = Edge(Router(hosts, redirect_slashes=False, default=_unknown_host(tuple(products))), store)
    return Starlette(routes=[Mount("/_fake", control_plane(store)), Mount("", app=twilio)])


def _product(store: Store, host: str, operations: Sequence[Operation]) -> Router:
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    routes = [Route(path, endpoint(store, host, by_method), methods=METHODS) for path, by_method in by_path.items()]
    return Router(routes, redirect_slashes=False, default=_unknown_path(host))


def _unknown_path(host: str) -> ASGIApp:
    async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        what = f"{request.method} https://{host}{request.scope['path']} is not built"
        if host == API and not request.scope["path"].endswith(".json"):
            what += "; without .json Twilio would answer XML, which this fake does not speak"
        await _drained(request, not_built(what), send)

    return _answer


def _unknown_host(hosts: tuple[str, ...]) -> ASGIApp:
    async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        named = request.headers.get("host", "")
        what = f"host {named!r} is none of {', '.join(hosts)}; send the Host header of the product that is meant"
        await _drained(request, not_built(what), send)

    return _answer


async def _drained(request: Request, response: Response, send: Send) -> None:
    await request.body()
    await response(request.scope, request.receive, send)
