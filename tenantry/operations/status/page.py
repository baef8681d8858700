"""From the page's own JSON to values; what Twilio invents is kept as it is, and what is no text is left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tenantry.model.tenant import Tenant
from tenantry.operations.status.use import count_users
from tenantry.operations.status.values import Component, Incident, Maintenance
from tenantry.twilio.live import moment

Users = Mapping[str, frozenset[str]]
IMPACTS = ("critical", "major", "minor", "none")
OPERATIONAL = "operational"


def read_components(summary: Mapping[str, Any], tenants: Mapping[str, Tenant]) -> tuple[tuple[Component, ...], Users]:
    """Return all components, those in trouble first, and who uses each."""
    found = [(_text(row, "name"), _text(row, "status")) for row in _rows(summary, "components") if not row.get("group")]
    users = count_users([name for name, _ in found], tenants)
    components = [Component(name=name, status=status, tenants=len(users[name])) for name, status in found]
    return tuple(sorted(components, key=lambda item: (item.status == OPERATIONAL, -item.tenants))), users


def read_incidents(summary: Mapping[str, Any], users: Users, tenants: int) -> tuple[Incident, ...]:
    """Return the incidents that are not over, the worst first."""
    found = [_incident(row, users, tenants) for row in _rows(summary, "incidents")]
    return tuple(sorted(found, key=lambda item: (item.tenants == 0, _severity(item.impact))))


def read_maintenances(summary: Mapping[str, Any], users: Users, tenants: int) -> tuple[Maintenance, ...]:
    """Return what is announced or under way, in the page's order."""
    return tuple(
        Maintenance(
            name=_text(row, "name"),
            status=_text(row, "status"),
            scheduled_for=_time(row, "scheduled_for"),
            scheduled_until=_time(row, "scheduled_until"),
            components=(names := _component_names(row)),
            tenants=_count(names, users, tenants),
        )
        for row in _rows(summary, "scheduled_maintenances")
    )


def _incident(row: Mapping[str, Any], users: Users, tenants: int) -> Incident:
    updates = _rows(row, "incident_updates")
    names = _component_names(row)
    link = _text(row, "shortlink")
    return Incident(
        name=_text(row, "name"),
        impact=_text(row, "impact"),
        status=_text(row, "status"),
        started_at=_time(row, "started_at") or _time(row, "created_at"),
        updated_at=_time(row, "updated_at"),
        latest=next((_text(update, "body") for update in updates), ""),
        components=names,
        tenants=_count(names, users, tenants),
        link=link if link.startswith("https://") else None,
    )


def _count(names: tuple[str, ...], users: Users, tenants: int) -> int:
    """Return how many tenants use any of these; where none is named it may concern all."""
    return len(frozenset().union(*(users.get(name, frozenset()) for name in names))) if names else tenants


def _severity(impact: str) -> int:
    return IMPACTS.index(impact) if impact in IMPACTS else 0


def _component_names(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_text(component, "name") for component in _rows(row, "components"))


def _rows(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = value.get(key)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _time(row: Mapping[str, Any], key: str) -> datetime | None:
    return moment(_text(row, key) or None)
