"""The ASGI application: Twilio's hosts by the Host header, the control plane on any host, a loud 501 for the rest."""

from collections.abc import Mapping
from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from faketwilio.control import build_control_plane
from faketwilio.delivery.courier import Courier, Duties
from faketwilio.endpoint import answer, build_not_built_response
from faketwilio.faults.middleware import Middleware, host_of
from faketwilio.hosts.api.usage.firing import evaluate_due, find_next_evaluation
from faketwilio.hosts.events.emission import is_for_deleted_sink
from faketwilio.hosts.monitor.sink_failure import note_attempt
from faketwilio.hosts.registry import API, list_operations_by_host
from faketwilio.store.store import Store
from faketwilio.wire.call import Operation
from faketwilio.wire.paths import Paths

CONTROL = "/_fake"
Operations = Mapping[str, tuple[Operation, ...]]


def create_app(store: Store, operations: Operations | None = None) -> ASGIApp:
    """A Twilio whose whole state is that store; its operations by host are all that we know, or these."""
    store.worker = Courier(store, Duties(evaluate_due, find_next_evaluation, is_for_deleted_sink, note_attempt))
    control, twilio = (
        build_control_plane(store),
        Middleware(_build_twilio(store, operations or list_operations_by_host()), store),
    )

    async def _app(scope: Scope, receive: Receive, send: Send) -> None:
        is_control = f"{scope['path']}/".startswith(f"{CONTROL}/")
        await (control if is_control else twilio)(scope, receive, send)

    return _app


def _build_twilio(store: Store, operations: Operations) -> ASGIApp:
    products = {host: _build_paths(known) for host, known in operations.items()}

    async def _app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        await _respond(store, products, request, body)(scope, receive, send)

    return _app


@cache
def _build_paths(operations: tuple[Operation, ...]) -> Paths:
    """Return the paths of a host: a pattern for each operation, which many fakes of one process share."""
    return Paths(operations)


def _respond(store: Store, products: Mapping[str, Paths], request: Request, body: bytes) -> Response:
    host, path = host_of(request.headers), request.scope["path"]
    if host not in products:
        return build_not_built_response(
            f"host {host!r} is none of {', '.join(products)}; send the Host header of the product meant"
        )
    found = products[host].find(path)
    if found is not None:
        return answer(store, host, found, request, body)
    what = f"{request.method} https://{host}{path} is not built"
    if host == API and not path.endswith(".json"):
        what += "; without .json Twilio would answer XML, which this fake does not speak"
    return build_not_built_response(what)
