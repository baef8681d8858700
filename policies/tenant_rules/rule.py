"""What a rule is: plain data in, sentences out. Only pulumi_rule.py knows Pulumi."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["advisory", "mandatory"]


@dataclass(frozen=True)
class Resource:
    """A resource of a tenant: its kind as in the type token, such as `UsageTrigger`, its name and its properties."""

    kind: str
    name: str
    props: Mapping[str, Any]


@dataclass(frozen=True)
class Tenant:
    """A tenant that is open (neither suspended nor on its way out), with everything that it has."""

    slug: str
    resources: tuple[Resource, ...]

    def of_kind(self, kind: str) -> tuple[Resource, ...]:
        """Return its resources of one kind."""
        return tuple(resource for resource in self.resources if resource.kind == kind)


@dataclass(frozen=True)
class ResourceRule:
    """A rule about one resource at a time; it is asked before that resource is made."""

    id: str
    description: str
    level: Level
    check: Callable[[Resource], Iterator[str]]
    """Yields a sentence for each violation: what is wrong, and what to do."""


@dataclass(frozen=True)
class TenantRule:
    """A rule about all that a tenant has; it is asked at the end of a run, so that a preview comes before an `up`."""

    id: str
    description: str
    level: Level
    check: Callable[[Tenant], Iterator[str]]
    """Yields a sentence for each violation: what is wrong, and what to do."""
