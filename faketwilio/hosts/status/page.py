"""The status page as JSON, in the shapes of the Statuspage API v2."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from faketwilio.hosts.status.records import (
    IMPACTS,
    MAINTENANCE,
    OPERATIONAL,
    OVER,
    Incident,
    IncidentUpdate,
    Maintenance,
    StatusPage,
)
from faketwilio.store.store import Store
from faketwilio.wire.call import Answer, Call, Operation

PAGE_ID = "gpkpyklzq55q"
NEWEST = 50  # incidents that incidents.json shows
AHEAD = MAINTENANCE[:-1]
"""Statuses of the maintenances that the summary shows: all but completed ones."""
WORDS = {
    "none": "All Systems Operational",
    "minor": "Minor Service Outage",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}


def operations() -> tuple[Operation, ...]:
    parts = {
        "summary": lambda store: (
            _render_status(store)
            | _render_components(store)
            | _render_incidents(store, True)
            | _render_maintenances(store, AHEAD)
        ),
        "status": _render_status,
        "components": _render_components,
        "incidents": lambda store: _render_incidents(store, False),
        "incidents/unresolved": lambda store: _render_incidents(store, True),
        "scheduled-maintenances": lambda store: _render_maintenances(store, MAINTENANCE),
        "scheduled-maintenances/upcoming": lambda store: _render_maintenances(store, ("scheduled",)),
        "scheduled-maintenances/active": lambda store: _render_maintenances(store, ("in_progress", "verifying")),
    }
    return tuple(
        Operation("GET", f"/api/v2/{name}.json", _make_answerer(part), is_public=True) for name, part in parts.items()
    )


def _make_answerer(part: Any) -> Any:
    def _answer(call: Call) -> Answer:
        return Answer(200, {"page": _page(call.store)} | part(call.store))

    return _answer


def _page(store: Store) -> dict[str, str]:
    updated = max(
        (incident.updates[0].at for incident in store.part(StatusPage).incidents), default=store.parent.date_created
    )
    page = {"id": PAGE_ID, "name": "Twilio", "url": "https://status.twilio.com"}
    return page | {"time_zone": "America/Los_Angeles", "updated_at": _format_time(updated)}


def _render_status(store: Store) -> dict[str, Any]:
    worst = max(
        (
            IMPACTS.index(incident.impact)
            for incident in store.part(StatusPage).incidents
            if incident.status not in OVER
        ),
        default=0,
    )
    return {"status": {"indicator": IMPACTS[worst], "description": WORDS[IMPACTS[worst]]}}


def _render_components(store: Store) -> dict[str, Any]:
    return {"components": [_render_component(store, name) for name in store.part(StatusPage).components]}


def _render_incidents(store: Store, unresolved: bool) -> dict[str, Any]:
    found = [
        incident
        for incident in reversed(store.part(StatusPage).incidents)
        if not (unresolved and incident.status in OVER)
    ]
    return {"incidents": [_render_incident(store, incident) for incident in found[:NEWEST]]}


def _render_maintenances(store: Store, statuses: Sequence[str]) -> dict[str, Any]:
    found = [plan for plan in reversed(store.part(StatusPage).maintenances) if plan.status in statuses]
    return {"scheduled_maintenances": [_render_maintenance(store, plan) for plan in found[:NEWEST]]}


def _render_maintenance(store: Store, plan: Maintenance) -> dict[str, Any]:
    update = IncidentUpdate(plan.id[::-1], plan.status, plan.body, plan.at)
    as_incident = Incident(plan.id, plan.name, "maintenance", plan.components, (update,))
    dates = {"scheduled_for": _format_time(plan.scheduled_for), "scheduled_until": _format_time(plan.scheduled_until)}
    return _render_incident(store, as_incident) | dates


def _render_component(store: Store, name: str) -> dict[str, Any]:
    created = _format_time(store.parent.date_created)
    return {
        "id": _make_id(name),
        "name": name,
        "status": store.part(StatusPage).components.get(name, OPERATIONAL),
        "created_at": created,
        "updated_at": created,
        "position": list(store.part(StatusPage).components).index(name) + 1,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": PAGE_ID,
        "group": False,
        "only_show_if_degraded": False,
    }


def _render_incident(store: Store, incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "name": incident.name,
        "status": incident.status,
        "created_at": _format_time(incident.created_at),
        "updated_at": _format_time(incident.updates[0].at),
        "monitoring_at": next(
            (_format_time(update.at) for update in incident.updates if update.status == "monitoring"), None
        ),
        "resolved_at": _format_time(incident.resolved_at),
        "impact": incident.impact,
        "shortlink": f"https://stspg.io/{incident.id}",
        "started_at": _format_time(incident.created_at),
        "page_id": PAGE_ID,
        "incident_updates": [_update(incident, update) for update in incident.updates],
        "components": [_render_component(store, name) for name in incident.components],
        "reminder_intervals": None,
    }


def _update(incident: Incident, update: IncidentUpdate) -> dict[str, Any]:
    at = _format_time(update.at)
    return {
        "id": update.id,
        "status": update.status,
        "body": update.body,
        "incident_id": incident.id,
        "created_at": at,
        "updated_at": at,
        "display_at": at,
        "affected_components": None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _make_id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def _format_time(moment: datetime | None) -> Any:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
