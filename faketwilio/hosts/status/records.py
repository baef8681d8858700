"""What the status page stores, and its components: a few of Twilio's, which has some hundreds."""

from dataclasses import dataclass, field
from datetime import datetime

from faketwilio.store.store import Store

COMPONENTS: tuple[str, ...] = (
    "REST API",
    "Console",
    "Programmable Messaging",
    "Programmable Voice",
    "Phone Numbers",
    "Event Streams",
    "Billing",
)
OPERATIONAL = "operational"
STATUSES = (OPERATIONAL, "degraded_performance", "partial_outage", "major_outage", "under_maintenance")
IMPACTS = ("none", "minor", "major", "critical")
PROGRESS = ("investigating", "identified", "monitoring", "resolved", "postmortem")
OVER = ("resolved", "postmortem")
MAINTENANCE = ("scheduled", "in_progress", "verifying", "completed")
"""The words of the Statuspage API: status.twilio.com/api"""


@dataclass(frozen=True)
class IncidentUpdate:
    """What was said about an incident at one moment."""

    id: str
    status: str
    body: str
    at: datetime


@dataclass(frozen=True)
class Incident:
    """An incident with its updates, newest first; its components are named."""

    id: str
    name: str
    impact: str
    components: tuple[str, ...]
    updates: tuple[IncidentUpdate, ...]

    @property
    def status(self) -> str:
        return self.updates[0].status

    @property
    def created_at(self) -> datetime:
        return self.updates[-1].at

    @property
    def resolved_at(self) -> datetime | None:
        """When it was first said to be over; None while it is not."""
        over = [update.at for update in self.updates if update.status in ("resolved", "postmortem")]
        return min(over, default=None) if self.status in ("resolved", "postmortem") else None


@dataclass(frozen=True)
class Maintenance:
    """Work that was announced; its components are named."""

    id: str
    name: str
    status: str
    body: str
    components: tuple[str, ...]
    scheduled_for: datetime
    scheduled_until: datetime
    at: datetime


@dataclass
class StatusPage:
    """Incidents and maintenances, oldest first, and the status of each component by its name."""

    incidents: list[Incident] = field(default_factory=list)
    maintenances: list[Maintenance] = field(default_factory=list)
    components: dict[str, str] = field(default_factory=lambda: dict.fromkeys(COMPONENTS, OPERATIONAL))

    @classmethod
    def begin(cls, _: Store) -> "StatusPage":
        return cls()
