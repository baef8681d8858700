"""What a rule is: one object that says what must hold, why, how to mend it, and that checks it. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from tenantry.manifest.yaml.tree import Path
from tenantry.model.written import Written
from tenantry.policies.subject import Subject

Level = Literal["advisory", "mandatory", "disabled"]
"""What a violation means: it is only told, it stops a run, or the rule is not asked at all."""


class Parameters(Written):
    """The parameters of a rule in the pack's configuration; a rule without any takes this."""


P = TypeVar("P", bound=Parameters)


@dataclass(frozen=True)
class Finding:
    """What a rule found: the value that is wrong, by its path in the manifest, and what is wrong with it."""

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
    """Two parts of a manifest: one that breaks a rule, and the same mended."""

    breaks: str
    keeps: str


@dataclass(frozen=True, kw_only=True)
class About:
    """What people read of a rule."""

    id: str
    """Stands in reports, configurations and waivers: never changes."""
    title: str
    """One sentence that is true when the rule is kept to."""
    why: str
    source: tuple[str, ...]
    """Where this is known from: Twilio's pages, or an incident."""


@dataclass(frozen=True, kw_only=True)
class TenantRule(About, Generic[P]):
    """A rule about one tenant at a time."""

    level: Level
    """What it is unless the configuration says otherwise."""
    mend: str
    """What to do about a violation, after a semicolon."""
    example: Example
    parameters: type[P]
    """What the configuration may set; every one of them has a default."""
    check: Callable[[Subject, P], Iterator[Finding]]
    closed: bool = False
    """Whether it is about tenants that are to be closed, and not about all others; nobody asks released ones."""
    needs_state: bool = False
    """Whether it is about what only a stack's state knows: `tenantry validate` then finds nothing."""
    seen_in_state: str = ""
    """Of such a rule, for docs/policies.md: what in the state it goes by."""


@dataclass(frozen=True, kw_only=True)
class FleetRule(About, Generic[P]):
    """A rule about all tenants of a stack together; a finding of nobody is about the stack."""

    level: Level
    mend: str
    example: Example
    parameters: type[P]
    check: Callable[[Sequence[Subject], P], Iterator[tuple[Subject | None, Finding]]]
    needs_state: bool = field(default=False, init=False)


Rule = TenantRule[Any] | FleetRule[Any]


@dataclass(frozen=True, kw_only=True)
class Advice(About):
    """What must hold and nothing here can check; people keep to it."""
