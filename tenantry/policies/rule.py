"""What a rule is: one object that says what must hold, why, and how to correct it, and that checks it. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from tenantry.manifest.yaml.tree import Path
from tenantry.model.written import Written
from tenantry.policies.subject import Subject

Level = Literal["advisory", "mandatory", "disabled"]
"""The effect of a violation: it is only reported, it stops a run, or the rule is not checked at all."""


class Parameters(Written):
    """The parameters of a rule in the pack's configuration; a rule without any takes this."""


P = TypeVar("P", bound=Parameters)


@dataclass(frozen=True)
class Finding:
    """A finding of a rule: a wrong value, by its path in the manifest, and what is wrong with it."""

    path: Path
    """Where to look; of a value that is not there, the path that it would have."""
    sentence: str
    """What is wrong, after the name of the path: `sends to http://…, in clear`. Holds no secret."""
    of_base: bool = False
    """Whether it is about the scheme or the host of `webhooks`, which every URL that is written as a path has."""
    of_customer: bool = False
    """Whether the path is one of the customer's file, customers/<customer>.yaml, and not of the tenant's manifest."""
    beside: Path | None = None
    """Another value of the tenant's manifest, which this one contradicts; reports add its path and place."""


@dataclass(frozen=True)
class Example:
    """Two parts of a manifest: one that breaks a rule, and one that complies."""

    breaks: str
    keeps: str


@dataclass(frozen=True, kw_only=True)
class About:
    """What people read of a rule."""

    id: str
    """Stands in reports, configurations and waivers: never changes."""
    title: str
    """One sentence that is true when the tenant complies."""
    why: str
    source: tuple[str, ...]
    """Where this is known from: Twilio's pages, or an incident."""


@dataclass(frozen=True, kw_only=True)
class TenantRule(About, Generic[P]):
    """A rule about one tenant at a time."""

    level: Level
    """The level unless the configuration sets another."""
    mend: str
    """What to do about a violation, after a semicolon."""
    example: Example
    parameters: type[P]
    """What the configuration may set; every one of them has a default."""
    check: Callable[[Subject, P], Iterator[Finding]]
    closed: bool = False
    """Whether it checks tenants that are to be closed, instead of all others; released ones are never checked."""
    needs_state: bool = False
    """Whether it needs the state of a stack: `tenantry validate` then finds nothing."""
    seen_in_state: str = ""
    """For docs/policies.md: the values of the state that such a rule uses."""


@dataclass(frozen=True, kw_only=True)
class FleetRule(About, Generic[P]):
    """A rule about all tenants of a stack together; a finding without a tenant is about the stack."""

    level: Level
    mend: str
    example: Example
    parameters: type[P]
    check: Callable[[Sequence[Subject], P], Iterator[tuple[Subject | None, Finding]]]
    needs_state: bool = field(default=False, init=False)


Rule = TenantRule[Any] | FleetRule[Any]


@dataclass(frozen=True, kw_only=True)
class Advice(About):
    """A rule for people, which nothing here can check."""
