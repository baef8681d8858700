"""The control plane under /_fake/: what a test or a demo asks of the fake that one can't ask of Twilio."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from faketwilio.control.console import act
from faketwilio.control.deliveries import deliveries, disorder, list_routes, run_deliveries, set_routes
from faketwilio.control.events import change_event_type, happen, report_error
from faketwilio.control.order import Act, no_act, perform
from faketwilio.control.organization import change_organization
from faketwilio.control.seed import seed
from faketwilio.control.settings import (
    advance,
    cancel_faults,
    delay,
    forget_requests,
    list_faults,
    now,
    order_fault,
    requests,
    reset,
    switch,
    switches,
)
from faketwilio.control.state import state_json
from faketwilio.control.status import change_status_page
from faketwilio.control.usage import set_balance, set_records, use, use_daily
from faketwilio.hosts.registry import known_operations
from faketwilio.store.store import Store

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
    ("POST", "/usage/records", set_records),
    ("POST", "/balance", set_balance),
    ("POST", "/errors", report_error),
    ("POST", "/events", happen),
    ("POST", "/status", change_status_page),
    ("POST", "/organization", change_organization),
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
