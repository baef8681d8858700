"""Where a customer that leaves stands, as values: the published schema is made from them."""

from datetime import date
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from tenantry.operations.retention.values import Fact

StepName = Literal[
    "notice",
    "export",
    "numbers",
    "suspended",
    "statement",
    "credits",
    "secrets",
    "records",
    "read_again",
    "close_after",
    "closed",
]
STEPS: tuple[StepName, ...] = get_args(StepName)
Confirmable = Literal["export", "numbers", "credits", "secrets"]
CONFIRMABLE: tuple[Confirmable, ...] = get_args(Confirmable)
"""The steps that only a person can confirm; all others are read."""
StepState = Literal["done", "open", "failed"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Step(_Value):
    """One step of leaving."""

    name: StepName
    state: StepState
    detail: str = Field(description="what was read, or who confirmed it")
    next: str | None = Field(default=None, description="what to do; null: nothing")


class OffboardingReport(_Value):
    """Where a customer that leaves stands."""

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    stack: str | None
    parent: str
    tenant: str
    account_sid: str | None
    today: date = Field(description="by Twilio's clock, in UTC")
    hold: str | None = Field(default=None, description="why nothing of the tenant may be deleted; null: it may")
    steps: tuple[Step, ...]
    records: dict[str, int] = Field(default={}, description="records that Twilio's API shows, by kind")
    deleted: dict[str, int] = Field(
        default={}, description="what was deleted for this, by the audit: records by kind, `media`, `secrets` in sinks"
    )
    audit: str | None = Field(default=None, description="end of the tenant's audit, `lines:digest`")
    ledger_head: str
    facts: tuple[Fact, ...] = ()

    @property
    def is_over(self) -> bool:
        return all(step.state == "done" for step in self.steps)

    @property
    def exit_code(self) -> int:
        """0 where every step is done, 1 where one failed, else 2."""
        if any(step.state == "failed" for step in self.steps):
            return 1
        return 0 if self.is_over else 2
