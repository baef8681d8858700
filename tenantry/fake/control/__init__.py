"""The control plane under /_fake/: what a test or a demo asks of the fake that one can't ask of Twilio."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from tenantry.fake.control.behaviour import switch, switches
from tenantry.fake.control.clock import advance, delay, now
from tenantry.fake.control.console import act
from tenantry.fake.control.deliveries import deliveries, disorder, list_routes, run_deliveries, set_routes
from tenantry.fake.control.error_log import report_error
from tenantry.fake.control.event_types import change_event_type
from tenantry.fake.control.events import happen
from tenantry.fake.control.faults import cancel_faults, list_faults, order_fault
from tenantry.fake.control.order import Act, no_act, perform
from tenantry.fake.control.requests import forget_requests, requests, reset
from tenantry.fake.control.seed import seed
from tenantry.fake.control.state import state_json
from tenantry.fake.control.status import change_status_page
from tenantry.fake.control.usage import set_balance, use, use_daily
from tenantry.fake.hosts import known_operations
from tenantry.fake.store import Store

ACTS: tuple[tuple[str, str, Act], ...] = (
    ("GET", "/state", lambda store, _: state_json(store)),
    ("POST", "/reset", reset),
    ("GET", "/requests", requests),
    ("POST", "/requests/reset", forget_requests),
    ("GET", "/faults", list_faults),
    ("POST", "/faults", order_fault),
    ("DELETE", "/faults", cancel_faults),
    ("POST", "/console", act),
    ("POST", "/event-types", change_event_type),
    ("POST", "/seed", seed),
    ("POST", "/usage", use),
    ("POST", "/usage/daily", use_daily),
    ("POST", "/balance", set_balance),
    ("POST", "/errors", report_error),
    ("POST", "/events", happen),
    ("POST", "/status", change_status_page),
    ("GET", "/deliveries", deliveries),
    ("POST", "/deliveries/run", run_deliveries),
    ("GET", "/deliveries/routes", list_routes),
    ("POST", "/deliveries/routes", set_routes),
    ("POST", "/deliveries/disorder", disorder),
    ("GET", "/behaviour", switches),
    ("POST", "/behaviour", switch),
    ("GET", "/clock", now),
    ("POST", "/clock", advance),
    ("POST", "/latency", delay),
    ("GET", "/known", lambda *_: known_operations()),
)


def control_plane(store: Store) -> ASGIApp:
    """The control plane as an application: JSON, 400 or 404 with one sentence for what can't be done."""
    by_route = {(method, f"/_fake{path}"): act for method, path, act in ACTS}
    known = [" ".join(route) for route in by_route]

    async def _app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        handle = by_route.get((request.method, scope["path"]))
        response = await perform(store, handle, body) if handle else no_act(request, known)
        await response(scope, receive, send)

    return _app
