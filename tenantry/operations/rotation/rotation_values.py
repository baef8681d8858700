"""What `tenantry rotate` found and did, as values: `schemas/rotate.schema.json` is made from them."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from tenantry.operations.reported import Reported

Action = Literal[
    "added", "removed", "overlapping", "undelivered", "not_made", "not_due", "waiting", "left_out", "failed"
]


class KeyRotation(Reported):
    """One key, and the one step of its rotation that this run found or took."""

    tenant: str = Field(description="slug")
    key: str = Field(description="name of the API key")
    action: Action = Field(
        description="added: the next generation stands in the manifest now; removed: generations whose successor is "
        "proven stand there no longer; overlapping: the successor is proven, and not overlap_days old; undelivered: a "
        "sink lacks the successor; not_made: the newest generation is not made yet, run `tenantry up`; not_due: "
        "nothing is to do; waiting: it is due, and --canary or a successor that does not work held it back; left_out: "
        "the reason says why nothing may be done; failed: something that was tried failed"
    )
    generations: tuple[int, ...] = Field(description="what the manifest names after this run, the lowest first")
    current: int = Field(description="the highest generation that the manifest named before this run")
    sid: str | None = Field(description="SID of the current generation; null where it is not made")
    made_at: datetime | None = Field(description="when the current generation was made, by Twilio's clock")
    age_days: int | None = Field(description="whole days since then, by Twilio's clock")
    due_on: date | None = Field(description="day (UTC) on which it is due; null without a rotation or a date")
    delivered_to: tuple[str, ...] = Field(description="sinks that hold the current generation, looked at in a rotation")
    lacking_sinks: tuple[str, ...] = Field(description="sinks that don't hold it, looked at in a rotation")
    works: bool | None = Field(description="whether it answered a real call; null where none was made")
    retires_on: date | None = Field(description="first day (UTC) on which the generations before it may go")
    added: int | None = Field(default=None, description="the generation that was added")
    removed: tuple[int, ...] = Field(default=(), description="the generations that were removed")
    file: str | None = Field(default=None, description="the manifest that was changed")
    reason: str = Field(description="why, and what to do next")


class RotationReport(Reported):
    """The keys of a stack that rotate, and what was done."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    stack: str = Field(description="name of the stack")
    dry_run: bool = Field(description="true where no file was written")
    now: datetime = Field(description="the time by Twilio's clock")
    keys: tuple[KeyRotation, ...] = Field(description="sorted by tenant and key")
    notes: tuple[str, ...] = Field(default=(), description="lines about the run, such as what it cost at Twilio's API")

    def with_action(self, *actions: Action) -> tuple[KeyRotation, ...]:
        """Return the keys of these actions."""
        return tuple(key for key in self.keys if key.action in actions)

    @property
    def exit_code(self) -> int:
        """1 where something failed, 2 where a key was left out or a dry run found something to write, else 0."""
        if self.with_action("failed"):
            return 1
        is_left = self.with_action("left_out", "undelivered") or (self.dry_run and self.with_action("added", "removed"))
        return 2 if is_left else 0
