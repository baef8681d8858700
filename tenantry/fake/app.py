"""The ASGI application: Twilio's hosts by the Host header, the control plane on any host, a loud 501 for the rest."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tenantry.fake.control import control_plane
from tenantry.fake.delivery.courier import Courier
from tenantry.fake.edge import Edge, host_of
from tenantry.fake.endpoint import answer, not_built
from tenantry.fake.hosts import API, operations_by_host
from tenantry.fake.paths import Paths
from tenantry.fake.store import Store

CONTROL = "/_fake"


def create_app(store: Store) -> ASGIApp:
    """A Twilio whose whole state is that store."""
    store.worker = Courier(store)
    control, twilio = control_plane(store), Edge(_twilio(store), store)

    async def _app(scope: Scope, receive: Receive, send: Send) -> None:
        is_control = f"{scope['path']}/".startswith(f"{CONTROL}/")
        await (control if is_control else twilio)(scope, receive, send)

    return _app


def _twilio(store: Store) -> ASGIApp:
    products = {host: Paths(operations) for host, operations in operations_by_host().items()}

    async def _app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        await _response(store, products, request, body)(scope, receive, send)

    return _app


def _response(store: Store, products: Mapping[str, Paths], request: Request, body: bytes) -> Response:
    host, path = host_of(request.headers), request.scope["path"]
    if host not in products:
        return not_built(f"host {host!r} is none of {', '.join(products)}; send the Host header of the product meant")
    found = products[host].find(path)
    if found is not None:
        return answer(store, host, found, request, body)
    what = f"{request.method} https://{host}{path} is not built"
    if host == API and not path.endswith(".json"):
        what += "; without .json Twilio would answer XML, which this fake does not speak"
    return not_built(what)
