"""What a kind is: one definition, from which all floors derive what they need."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from pydantic import BaseModel

from tenantry.model.spec import Spec
from tenantry.model.written import SLUG, Written

_KEY = SLUG.removeprefix("^").removesuffix("$")


class Rank(IntEnum):
    """The severity of a danger, the worst first."""

    TENANT = 0
    """The tenant stops."""
    OWNER = 1
    """The account may be somebody else's."""
    ACCESS = 2
    """Somebody is refused."""
    ANYTHING = 3
    """Nobody knows here what is lost."""
    ERRORS = 4
    """Nobody hears of errors."""
    USAGE = 5
    """Nobody hears of usage."""


@dataclass(frozen=True)
class Danger:
    """What a customer loses by a step of a plan. Its name is published in JSON schemas, so it never changes."""

    name: str
    ops: frozenset[str]
    """The steps that have this danger, in the words of a plan: create, update, replace, delete, finish."""
    sentence: str
    rank: Rank
    field: str | None = None
    """The property that must change; None where any step with such an op is a danger."""
    is_met: Callable[[Any, Any], bool] = lambda _old, _new: True
    """Whether the old and the new value of that property make it a danger."""


DEFAULT_DANGERS = (
    Danger("delete", frozenset({"delete", "finish"}), "the object is gone, with what it holds", Rank.ANYTHING),
    Danger(
        "replace",
        frozenset({"replace"}),
        "another object takes its place, with another id, and the old one is gone",
        Rank.ANYTHING,
    ),
)
"""The dangers of a kind that names none, and of a project's own resources."""


@dataclass(frozen=True)
class Kind:
    """A sort of object that a stack manages. The name, the token and the names of dangers are promises to users."""

    name: str
    title: str
    """The name in a sentence: `usage trigger`."""
    token: str
    """The type token, which is in users' state."""
    spec: type[Spec]
    written: str | None = None
    """The key of a manifest below which its entries are written."""
    entry: type[Written] | None = None
    """The model of an entry; None where the key is not only about this kind."""
    derive: Callable[[str, Any], Iterator[tuple[str, Any]]] = lambda key, entry: iter(((key, entry),))
    """Yields an entry with its key, and those that follow from it, such as a trigger at 80 percent."""
    expand: Callable[[str, Any], Iterator[tuple[int | None, Spec]]] | None = None
    """Yields the inputs of each object of an entry, with its generation or None, from the entry's key and the entry."""
    entry_of: Callable[[Any], Written] | None = None
    """Returns the entry of inputs, the inverse of `expand`; rules check it."""
    only_key: str | None = None
    """The name of its one object in the stack, such as `debugger`; None for a kind whose entries have names."""
    only_name: str | None = None
    """The name of its one object in Twilio; None for a kind whose objects are named by their entries."""
    has_generations: bool = False
    """An entry is an object a generation: `{key}#{generation}` in Twilio, `{key}-{generation}` in the stack."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The fields with other names in a manifest than in Twilio: the path in the inputs, and the key in the entry."""
    adopts: tuple[str, ...] = ()
    """Where an entry has the SID of an object that it takes over: `adopt`, or `adopt` and `sink`."""
    keeps_name: tuple[str, ...] = ()
    """Where an entry has the name that such an object keeps."""
    describe: Callable[[Any], str] | None = None
    """Returns a short name from inputs, such as `sms-1000`, for what has no name of its own."""
    generated_name: str = ""
    """A regular expression of the names that Twilio gives to what nobody named; empty where it gives none."""
    extras: tuple[str, ...] = ()
    """The inputs that are sets to which an object that is taken over may have more than ours; these stay."""
    callbacks: tuple[str, ...] = ()
    """The fields of an entry that are URLs which Twilio calls."""
    links: Mapping[str, str] = field(default_factory=dict)
    """The inputs that are the id of another object, and the kind of that; both have the same key. The other comes first
    in the registry."""
    sid: str | None = None
    """The prefix of its SIDs."""
    hosts: tuple[str, ...] = ()
    """The hosts of Twilio that have it; no others are ever called."""
    gateway: str | None = None
    """The attribute of the Twilio session that reads and writes it; None for what is no object in a subaccount."""
    is_credential: bool = False
    """Whether it gives access to the tenant's data: one that no manifest names is then severe."""
    is_ignorable: bool = True
    """Whether `ignore` of a manifest accepts it."""
    out_of_order: str = "Twilio says that it does not work"
    """What it means for the tenant when Twilio reports an object as not active."""
    dangers: tuple[Danger, ...] = DEFAULT_DANGERS

    @property
    def is_record(self) -> bool:
        """Whether deleting its resource changes nothing in Twilio."""
        return self.gateway is None

    @property
    def steering(self) -> frozenset[str]:
        """The inputs that steer its resource, and are no setting in Twilio."""
        return self.spec.OURS | self.links.keys() | {"account_sid"}

    @property
    def settings(self) -> tuple[str, ...]:
        """The inputs that are settings, in the order of the spec."""
        return tuple(name for name in self.spec.model_fields if name not in self.steering)

    def entries(self, tenant: BaseModel) -> Iterator[tuple[str, Any]]:
        """Yield the entries of a tenant that become objects of this kind, each with its key, sorted."""
        found = getattr(tenant, self.written) if self.expand and self.written else None
        if self.only_key is None:
            yield from sorted((found or {}).items())
        elif found is not None:
            yield self.only_key, found

    def specs(self, tenant: BaseModel) -> Iterator[tuple[str, int | None, Spec]]:
        """Yield the inputs of each object of this kind that a tenant is to have, with its key and its generation."""
        for written, entry in self.entries(tenant):
            for key, derived in self.derive(written, entry):
                for generation, spec in self.expand(key, derived) if self.expand else ():
                    yield key, generation, spec

    def path(self, key: str, *fields: str) -> tuple[str, ...]:
        """Return where a manifest has an entry, or a field of it."""
        return (self.written or self.name, *(() if self.only_key is not None else (key,)), *fields)

    def with_entry(self, tenant: BaseModel, key: str, entry: Written) -> Mapping[str, Any]:
        """Return the fields that change in a tenant whose manifest has this entry."""
        written = self.written or self.name
        return {written: entry if self.only_key is not None else {**getattr(tenant, written), key: entry}}

    def linked_names(self, name: str) -> Mapping[str, str]:
        """Return the names of the resources whose ids an object needs, by input; `name` is its name in the stack."""
        return {field: name.replace(f"/{self.name}/", f"/{kind}/", 1) for field, kind in self.links.items()}

    def is_own_name(self, name: str) -> bool:
        """Return whether an object with this name in Twilio could be one of ours."""
        pattern = re.escape(self.only_name) if self.only_name is not None else _KEY
        return bool(re.fullmatch(pattern + ("#[0-9]+" if self.has_generations else ""), name))

    def key_of(self, name: str) -> str:
        """Return the name in the stack, below its kind, of our object with this name in Twilio."""
        return self.only_key if self.only_key is not None else name.replace("#", "-")

    def split(self, key: str) -> tuple[str, int | None]:
        """Return the entry's key and the generation of a key in the stack: `web-2` is generation 2 of `web`."""
        found = re.fullmatch(r"(.+)-(\d+)", key) if self.has_generations else None
        return (found[1], int(found[2])) if found else (key, None)
