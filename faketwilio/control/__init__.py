"""The control plane under /_fake/: what a test or a demo asks of the fake that one can't ask of Twilio."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from faketwilio.control.console import act
from faketwilio.control.deliveries import disorder_deliveries, list_deliveries, list_routes, run_deliveries, set_routes
from faketwilio.control.events import change_event_type, happen, report_error
from faketwilio.control.order import Act, perform, refuse_act
from faketwilio.control.organization import change_organization
from faketwilio.control.seed import seed
from faketwilio.control.settings import (
    advance,
    cancel_faults,
    delay,
    forget_requests,
    list_faults,
    list_requests,
    list_switches,
    now,
    order_fault,
    reset,
    switch,
)
from faketwilio.control.state import render_state
from faketwilio.control.status import change_status_page
from faketwilio.control.usage import set_balance, set_records, use, use_daily
from faketwilio.hosts.registry import list_known_operations
from faketwilio.store.store import Store

ACTS: tuple[tuple[str, str, Act], ...] = (
    ("GET", "/state", lambda store, _: render_state(store)),
    ("POST", "/reset", reset),
    ("GET", "/requests", list_requests),
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
    ("GET", "/deliveries", list_deliveries),
    ("POST", "/deliveries/run", run_deliveries),
    ("GET", "/deliveries/routes", list_routes),
    ("POST", "/deliveries/routes", set_routes),
    ("POST", "/deliveries/disorder", disorder_deliveries),
    ("GET", "/behaviour", list_switches),
    ("POST", "/behaviour", switch),
    ("GET", "/clock", now),
    ("POST", "/clock", advance),
    ("POST", "/latency", delay),
    ("GET", "/known", lambda *_: list_known_operations()),
)


def build_control_plane(store: Store) -> ASGIApp:
    """The control plane as an application: JSON, 400 or 404 with one sentence for what can't be done."""
    by_route = {(method, f"/_fake{path}"): act for method, path, act in ACTS}
    known = [" ".join(route) for route in by_route]

    async def _serve(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        handle = by_route.get((request.method, scope["path"]))
        response = await perform(store, handle, body) if handle else refuse_act(request, known)
        await response(scope, receive, send)

    return _serve
