"""The control plane under /_fake/: what a test or a demo asks of the fake that one can't ask of Twilio."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tenantry.fake.api.firing import evaluate
from tenantry.fake.api.usage import usage_of
from tenantry.fake.control.console import act
from tenantry.fake.control.state import state_json
from tenantry.fake.faults import fault_of
from tenantry.fake.formats import iso
from tenantry.fake.hosts import known_operations
from tenantry.fake.store import Store

Order = dict[str, Any]
Act = Callable[[Store, Order], Any]


def routes(store: Store) -> list[Route]:
    """The routes of the control plane; each answers JSON, 400 with one sentence for what can't be done."""
    acts: tuple[tuple[str, str, Act], ...] = (
        ("GET", "/state", lambda store, _: state_json(store)),
        ("POST", "/reset", _reset),
        ("GET", "/requests", lambda store, _: store.journal.as_json()),
        ("POST", "/requests/reset", _forget_requests),
        ("GET", "/faults", lambda store, _: _faults(store)),
        ("POST", "/faults", _order_fault),
        ("DELETE", "/faults", _cancel_faults),
        ("POST", "/console", act),
        ("POST", "/event-types", _change_event_type),
        ("POST", "/usage", _use),
        ("GET", "/callbacks", lambda store, _: [asdict(callback) for callback in store.callbacks]),
        ("GET", "/behaviour", lambda store, _: asdict(store.behaviour)),
        ("POST", "/behaviour", _switch),
        ("GET", "/clock", lambda store, _: {"now": iso(store.clock.now())}),
        ("POST", "/clock", _advance),
        ("POST", "/latency", _delay),
        ("GET", "/known", lambda *_: known_operations()),
    )
    return [Route(path, _endpoint(store, handle), methods=[method]) for method, path, handle in acts]


def _endpoint(store: Store, handle: Act) -> Callable[[Request], Awaitable[Response]]:
    async def _answer(request: Request) -> Response:
        body = await request.body()
        try:
            return JSONResponse(handle(store, _order(body)))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        except LookupError as error:
            return JSONResponse({"error": str(error)}, 404)

    return _answer


def _order(body: bytes) -> Order:
    order = json.loads(body) if body else {}
    if not isinstance(order, dict):
        raise ValueError(f"a JSON object is expected, not {order!r}")  # noqa: TRY004 - one kind of refusal
    return order


def _reset(store: Store, _: Order) -> Any:
    store.reset()
    return {"parent": store.parent_sid}


def _forget_requests(store: Store, _: Order) -> Any:
    store.journal.clear()
    return {"total": 0}


def _faults(store: Store) -> Any:
    return [asdict(fault) for fault in store.faults]


def _order_fault(store: Store, order: Order) -> Any:
    store.faults.append(fault_of(order))
    return _faults(store)


def _cancel_faults(store: Store, _: Order) -> Any:
    store.faults.clear()
    return []


def _change_event_type(store: Store, order: Order) -> Any:
    """Change the catalogue: another status, or a newer schema version than what is pinned."""
    known = store.event_types.get(str(order.get("type")))
    if known is None:
        raise LookupError(f"no event type {order.get('type')!r}; there are {', '.join(store.event_types)}")
    status, version = order.get("status", known.status), order.get("latest_schema_version", known.latest_schema_version)
    if status not in ("active", "deprecated", "discontinued") or type(version) is not int or version < 1:
        raise ValueError('an event type takes "status" (active, deprecated, discontinued), "latest_schema_version"')
    store.event_types[known.type] = replace(known, status=status, latest_schema_version=version)
    return asdict(store.event_types[known.type])


def _switch(store: Store, order: Order) -> Any:
    store.behaviour = store.behaviour.changed(order)
    return asdict(store.behaviour)


def _use(store: Store, order: Order) -> Any:
    account_sid = order.get("account")
    if not isinstance(account_sid, str) or store.account(account_sid) is None:
        raise LookupError(f"no account {account_sid!r} to have usage")
    usage = usage_of(order, store.clock.now())
    store.usage.setdefault(account_sid, []).append(usage)
    evaluate(store, account_sid)
    return {"callbacks": len(store.callbacks)}


def _advance(store: Store, order: Order) -> Any:
    seconds = order.get("advance_seconds")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or set(order) != {"advance_seconds"}:
        raise ValueError('the clock takes {"advance_seconds": number}')
    store.clock.advance(seconds)
    for account_sid in store.usage:
        evaluate(store, account_sid)
    return {"now": iso(store.clock.now())}


def _delay(store: Store, order: Order) -> Any:
    milliseconds = order.get("ms")
    if not isinstance(milliseconds, int | float) or milliseconds < 0 or set(order) != {"ms"}:
        raise ValueError('the latency takes {"ms": number}, a request waits so long before it is handled')
    store.latency_ms = float(milliseconds)
    return {"ms": store.latency_ms}
