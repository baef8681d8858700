"""The registry of kinds: one literal list, from which every table of a floor is derived."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from tenantry.model import (
    account_state,
    api_key,
    event_sink,
    event_subscription,
    fleet,
    retention,
    subaccount,
    usage_trigger,
)
from tenantry.model.kind import DEFAULT_DANGERS, Danger, Kind

KindName = Literal[
    "fleet",
    "subaccount",
    "account_state",
    "api_key",
    "usage_trigger",
    "event_sink",
    "event_subscription",
    "retention",
]
"""The names of `KINDS`, for the type checker; `tests/test_kinds.py` keeps the two equal."""

KINDS: Final[Mapping[KindName, Kind]] = {
    "fleet": fleet.KIND,
    "subaccount": subaccount.KIND,
    "account_state": account_state.KIND,
    "api_key": api_key.KIND,
    "usage_trigger": usage_trigger.KIND,
    "event_sink": event_sink.KIND,
    "event_subscription": event_subscription.KIND,
    "retention": retention.KIND,
}
"""In the order in which they are registered: an object comes before those that link to it."""

OBJECTS: Final[tuple[KindName, ...]] = tuple(name for name, kind in KINDS.items() if kind.gateway is not None)
"""The kinds that live in a subaccount in Twilio."""
RECORDS: Final[frozenset[KindName]] = frozenset(name for name, kind in KINDS.items() if kind.is_record)
"""The kinds whose deletion changes nothing in Twilio."""
IGNORABLE: Final[tuple[KindName, ...]] = tuple(name for name, kind in KINDS.items() if kind.is_ignorable)
"""The kinds that `ignore` of a manifest accepts."""
CALLING: Final[tuple[Kind, ...]] = tuple(kind for kind in KINDS.values() if kind.callbacks)
"""The kinds with URLs that Twilio calls."""
BY_TOKEN: Final[Mapping[str, KindName]] = {kind.token: name for name, kind in KINDS.items()}
"""Our kinds by the type token that a state has; a project's own resources have others."""
STEERING: Final[frozenset[str]] = frozenset[str]().union(*(kind.steering for kind in KINDS.values()))
"""Properties that steer a resource and are not in Twilio."""


def _list_dangers() -> Iterator[Danger]:
    for kind in KINDS.values():
        yield from kind.dangers
    yield from DEFAULT_DANGERS


DANGERS: Final[Mapping[str, Danger]] = {
    danger.name: danger for danger in sorted(_list_dangers(), key=lambda danger: danger.rank)
}
"""Every danger by its name, the worst first; of equal ones, those of the kind that comes first."""


def find_kind(name: str) -> Kind | None:
    """Return the kind with this name, if it is one of ours."""
    return next((kind for kind in KINDS.values() if kind.name == name), None)
