"""Twilio's status page changes: an incident begins, goes on and ends; a component is in trouble."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from faketwilio.control.order import Order
from faketwilio.control.sample import moment_of
from faketwilio.hosts.status.records import (
    IMPACTS,
    MAINTENANCE,
    PROGRESS,
    STATUSES,
    Incident,
    IncidentUpdate,
    Maintenance,
    StatusPage,
)
from faketwilio.store.store import Store
from faketwilio.wire.formats import format_iso

FORMS = (
    '{"incident": name, "impact": …, "status": …, "body": text, "components": [name]} '
    'or {"maintenance": name, "status": …, "body": text, "components": [name], "scheduled_for": time, '
    '"scheduled_until": time} or {"component": name, "status": …}'
)
MAINTENANCE_FIELDS = frozenset({"status", "body", "components", "scheduled_for", "scheduled_until"})


def change_status_page(store: Store, order: Order) -> Any:
    """Say something about an incident or a maintenance, a new one or that of the name; or change a component."""
    match order:
        case {"component": str(name), "status": status, **rest} if not rest and status in STATUSES:
            store.part(StatusPage).components[require_component(store, name)] = str(status)
            return {"component": name, "status": status}
        case {"incident": str(name), **rest} if not set(rest) - {"impact", "status", "body", "components"}:
            return _say(store, name, rest)
        case {"maintenance": str(name), **rest} if not set(rest) - MAINTENANCE_FIELDS:
            return _plan(store, name, rest)
    raise ValueError(f"the status page takes {FORMS}; statuses of components are {', '.join(STATUSES)}")


def _say(store: Store, name: str, values: Order) -> Any:
    before = next((incident for incident in store.part(StatusPage).incidents if incident.name == name), None)
    impact = values.get("impact", before.impact if before else "minor")
    status = values.get("status", before.status if before else "investigating")
    named = values.get("components", list(before.components) if before else [])
    body = values.get("body", "")
    if impact not in IMPACTS or status not in PROGRESS or not isinstance(named, list) or not isinstance(body, str):
        raise ValueError(f"an incident has an impact of {', '.join(IMPACTS)} and a status of {', '.join(PROGRESS)}")
    update = IncidentUpdate(store.request_sids.uuid()[:8], status, body, store.clock.now())
    components = tuple(require_component(store, component) for component in named)
    if before is None:
        incident = Incident(store.request_sids.uuid()[:8], name, impact, components, (update,))
        store.part(StatusPage).incidents.append(incident)
    else:
        incident = replace(before, impact=impact, components=components, updates=(update, *before.updates))
        store.part(StatusPage).incidents[store.part(StatusPage).incidents.index(before)] = incident
    return {
        "id": incident.id,
        "incident": name,
        "status": incident.status,
        "impact": incident.impact,
        "at": format_iso(update.at),
    }


def _plan(store: Store, name: str, values: Order) -> Any:
    plans = store.part(StatusPage).maintenances
    before = next((plan for plan in plans if plan.name == name), None)
    status = values.get("status", before.status if before else "scheduled")
    body = values.get("body", before.body if before else "")
    named = values.get("components", list(before.components) if before else [])
    begin, end = (values.get(field, getattr(before, field, None)) for field in ("scheduled_for", "scheduled_until"))
    if status not in MAINTENANCE or not isinstance(body, str) or not isinstance(named, list):
        raise ValueError(f"a maintenance has a status of {', '.join(MAINTENANCE)}")
    if isinstance(begin, str) and isinstance(end, str):
        begin, end = moment_of(begin), moment_of(end)
    if not isinstance(begin, datetime) or not isinstance(end, datetime) or end < begin:
        raise ValueError(
            "a maintenance is scheduled_for a time such as 2027-01-31T12:00:00Z, scheduled_until a later one"
        )
    components, now = tuple(require_component(store, component) for component in named), store.clock.now()
    plan_id = before.id if before else store.request_sids.uuid()[:8]
    plan = Maintenance(plan_id, name, status, body, components, begin, end, now)
    plans[:] = [*(other for other in plans if other is not before), plan]
    return {"id": plan.id, "maintenance": name, "status": status, "at": format_iso(now)}


def require_component(store: Store, name: Any) -> str:
    if not isinstance(name, str) or name not in store.part(StatusPage).components:
        raise LookupError(f"no component {name!r}; there are {', '.join(store.part(StatusPage).components)}")
    return name
