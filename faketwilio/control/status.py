"""Twilio's status page changes: an incident begins, goes on and ends; a component is in trouble."""

from dataclasses import replace
from typing import Any

from faketwilio.control.order import Order
from faketwilio.hosts.status.records import IMPACTS, PROGRESS, STATUSES, Incident, IncidentUpdate, StatusPage
from faketwilio.store.store import Store
from faketwilio.wire.formats import format_iso

FORMS = (
    '{"incident": name, "impact": …, "status": …, "body": text, "components": [name]} '
    'or {"component": name, "status": …}'
)


def change_status_page(store: Store, order: Order) -> Any:
    """Say something about an incident, a new one or the one of that name; or give a component another status."""
    match order:
        case {"component": str(name), "status": status, **rest} if not rest and status in STATUSES:
            store.part(StatusPage).components[require_component(store, name)] = str(status)
            return {"component": name, "status": status}
        case {"incident": str(name), **rest} if not set(rest) - {"impact", "status", "body", "components"}:
            return _say(store, name, rest)
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


def require_component(store: Store, name: Any) -> str:
    if not isinstance(name, str) or name not in store.part(StatusPage).components:
        raise LookupError(f"no component {name!r}; there are {', '.join(store.part(StatusPage).components)}")
    return name
