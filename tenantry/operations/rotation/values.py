"""What became of deliveries, as values: `schemas/secrets.schema.json` is made from them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from tenantry.operations.reported import Reported

Status = Literal["current", "delivered", "missing", "newer", "unknown_secret", "not_made", "refused", "failed"]
LACKING: frozenset[Status] = frozenset({"missing", "newer", "unknown_secret"})


class Delivery(Reported):
    """One key and one sink."""

    tenant: str = Field(description="slug")
    key: str = Field(description="name of the API key")
    generation: int | None = Field(
        description="the current generation: the highest that exists and whose secret is known; null if there is none"
    )
    sid: str | None = Field(description="SID of the current generation; null if there is none")
    held_since: datetime | None = Field(
        description="when the stack got the current generation: when it was made, or taken over; null if unknown"
    )
    age_days: int | None = Field(description="whole days since then")
    due_on: date | None = Field(
        default=None,
        description="day (UTC) on which `tenantry rotate` adds the next generation, if Twilio made this one when the "
        "stack got it; null without `rotation`",
    )
    sink: str = Field(description="name of the sink in tenantry.yaml")
    store: str = Field(description="what the sink writes to, in words")
    name: str = Field(description="name of the secret in the sink")
    status: Status = Field(
        description="current: the sink has it; delivered: it was put there now; missing: the sink lacks it, or has an "
        "older or a changed one; newer: the sink has a later generation, which is left; unknown_secret: nothing is "
        "put, since no generation's secret is known; not_made: the key does not exist yet; refused: what stands there "
        "is not ours; failed: the sink did not do it"
    )
    sink_generation: int | None = Field(description="the generation that the sink has; null if it has none")
    reason: str | None = Field(description="what came back and what to do; null where all is well")


class UnknownSecret(Reported):
    """A generation whose secret nobody knows, so that no sink gets it."""

    tenant: str = Field(description="slug")
    key: str = Field(description="name of the API key")
    generation: int = Field(description="its number")
    sid: str = Field(description="its SID")


class SecretsReport(Reported):
    """Which sinks have the current generation of which keys."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    stack: str = Field(description="name of the stack")
    check: bool = Field(description="true where nothing was put, only looked")
    deliveries: tuple[Delivery, ...] = Field(description="sorted by tenant, key and sink")
    unknown_secrets: tuple[UnknownSecret, ...] = Field(
        description="generations above the current one whose secret is unknown: adopted, or taken over by a run"
    )

    notes: tuple[str, ...] = Field(default=(), description="warnings about the run, such as a ledger that is down")

    @property
    def failed(self) -> tuple[Delivery, ...]:
        """What was tried and not done; a look that finds another's secret has failed at nothing."""
        statuses = {"failed"} if self.check else {"failed", "refused"}
        return tuple(delivery for delivery in self.deliveries if delivery.status in statuses)

    @property
    def exit_code(self) -> int:
        """1 where something failed, 2 where a sink lacks something, else 0."""
        if self.failed:
            return 1
        return 2 if any(delivery.status in LACKING | {"refused"} for delivery in self.deliveries) else 0


def sort_deliveries(deliveries: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Return deliveries as a report has them."""
    return tuple(sorted(deliveries, key=lambda delivery: (delivery.tenant, delivery.key, delivery.sink)))
