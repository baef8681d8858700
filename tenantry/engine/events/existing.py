"""What of a plan exists at Twilio already, as a value: nobody who only reads it needs Pulumi's SDK."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tenantry.engine.events.changes import Change
from tenantry.engine.events.event import Diagnostic
from tenantry.engine.events.plan import Step

UNASKED = (
    "Whether accounts and objects that are to be made or taken over are in Twilio already was not asked: {} What is "
    "there is taken over all the same where it is ours, and not made twice."
)
Steps = Mapping[str, Step]
"""The steps that make something of ours, by the names of the resources."""


@dataclass(frozen=True)
class Existing:
    """What was found."""

    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    """By the name of a resource that exists: in which properties it is not as wanted, and whose account it is."""
    refused: tuple[Diagnostic, ...] = ()
    """What a run would refuse to take over."""
    unseen: tuple[Diagnostic, ...] = ()
    """Why some tenants could not be looked at."""

    @classmethod
    def join(cls, parts: Collection[Existing]) -> Existing:
        """Return several as one."""
        return cls(
            {name: changes for part in parts for name, changes in part.changes.items()},
            tuple(refusal for part in parts for refusal in part.refused),
            tuple(reason for part in parts for reason in part.unseen),
        )
