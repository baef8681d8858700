"""Leftovers as values: `schemas/up.schema.json` has them, so names are a promise to scripts."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from tenantry.model.kinds import KindName
from tenantry.operations.up.changes import Reported


class Leftover(Reported):
    """An object that a run made and did not record, and that no manifest names now."""

    tenant: str = Field(description="the slug of the tenant in whose account it is")
    kind: KindName
    name: str = Field(description="the name that it has in Twilio")
    account_sid: str
    sid: str
    run: datetime = Field(description="when that run began, or the earliest of several, by Twilio's clock (UTC)")


class EndedLeftover(Leftover):
    """What became of it."""

    result: Literal["deleted", "kept", "failed"] = Field(
        description="kept: its account is not active now, or something failed for its tenant in this run; the next run "
        "that finds neither deletes it"
    )
    reason: str | None = Field(default=None, description="why it is not deleted, and what to do next")
