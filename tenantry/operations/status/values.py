"""What a status report says, as values: the published schema is made from them, so names are a promise to scripts."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from tenantry.operations.reported import Reported


class Component(Reported):
    """A component of the page that tenants use, or that is not operational."""

    name: str
    status: str = Field(
        description="operational, degraded_performance, partial_outage, major_outage, under_maintenance, or what "
        "Twilio invents next"
    )
    tenants: int = Field(description="tenants whose manifests say that they use it")


class Incident(Reported):
    """An incident that is not over."""

    name: str
    impact: str = Field(description="none, minor, major, critical")
    status: str = Field(description="investigating, identified, monitoring")
    started_at: datetime | None
    updated_at: datetime | None
    latest: str = Field(description="what Twilio said last; empty where it said nothing")
    components: tuple[str, ...] = Field(description="names of the components that it is about")
    tenants: int = Field(description="tenants that use one of them; all of them where no component is named")
    link: str | None


class Maintenance(Reported):
    """Work that is announced or under way."""

    name: str
    status: str = Field(description="scheduled, in_progress, verifying")
    scheduled_for: datetime | None
    scheduled_until: datetime | None
    components: tuple[str, ...]
    tenants: int = Field(description="tenants that use one of its components")


class StatusReport(Reported):
    """What Twilio's status page says, and which of our tenants that concerns."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    page: str = Field(description="base URL of the page")
    answer: Literal["fresh", "kept", "none"] = Field(
        description="kept: the page can't be reached, and this is its last answer; none: there was never an answer"
    )
    reason: str | None = Field(description="why the page can't be reached; null where it was")
    asked_at: datetime | None = Field(description="when the answer came; null without one")
    age_seconds: int | None = Field(description="how old the answer is")
    indicator: str = Field(description="none, minor, major, critical; unknown without an answer")
    description: str = Field(description="the page's own sentence")
    incidents: tuple[Incident, ...] = Field(description="the worst first")
    maintenances: tuple[Maintenance, ...]
    components: tuple[Component, ...] = Field(description="those that tenants use, and those that are not operational")
    unused: int = Field(description="components that no tenant uses and that are operational")
    tenants: int = Field(description="tenants of the stack; 0 outside of a project, where nobody's use is known")

    @property
    def open_incidents(self) -> tuple[Incident, ...]:
        """The incidents that concern us: outside of a project, all."""
        return tuple(incident for incident in self.incidents if incident.tenants or not self.tenants)

    @property
    def exit_code(self) -> int:
        """1 where the page can't be reached, 2 where an incident concerns us, else 0."""
        if self.answer != "fresh":
            return 1
        return 2 if self.open_incidents else 0
