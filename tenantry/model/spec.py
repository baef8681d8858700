"""What a provider gets: the base of every resource's inputs, as canonical plain data."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer


def decimal_text(number: Decimal) -> str:
    """Write a number in the form that we store: `1000`, never `1000.000000` or `1E+3`."""
    return format(number.normalize(), "f")


def _from_bag(value: object) -> object:
    """Read a number from a Pulumi property bag, where every number is a float (pulumi/pulumi#13830)."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def _sort_set(value: object) -> object:
    """Sort texts; the field's own type refuses anything else."""
    if isinstance(value, list | tuple | set | frozenset) and all(isinstance(item, str) for item in value):
        return tuple(sorted(set(value)))
    return value


def _without_root_slash(value: object) -> object:
    """Remove the slash from a URL without a path: Twilio reads `https://hooks.example/` back without it."""
    return value[:-1] if isinstance(value, str) and re.fullmatch(r"https?://[^/]+/", value) else value


Amount = Annotated[Decimal, BeforeValidator(_from_bag), PlainSerializer(decimal_text)]
Url = Annotated[str, BeforeValidator(_without_root_slash)]
TextSet = Annotated[tuple[str, ...], BeforeValidator(_sort_set), PlainSerializer(list)]


class Spec(BaseModel):
    """The inputs of one resource.

    `props()` and `of()` are each other's inverse. Props are what a stack's state holds: text, booleans, sorted lists
    and mappings of these; numbers as canonical decimal text; an absent value has no key.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    REPLACES: ClassVar[frozenset[str]] = frozenset()
    """Fields that Twilio can't change on a live object: another value means another object."""
    OURS: ClassVar[frozenset[str]] = frozenset({"owner_account_sid"})
    """Fields that Twilio does not know: they steer the provider and are never drift."""

    owner_account_sid: str | None = None
    """The parent account. Every phase compares it with the credentials before the first call."""

    @classmethod
    def of(cls, props: Mapping[str, Any]) -> Self:
        """Read a property bag, of this version or an older one; keys that are not inputs are ignored."""
        return cls.model_validate({key: value for key, value in props.items() if value is not None})

    def props(self) -> dict[str, Any]:
        """Return the canonical property bag."""
        return self.model_dump(mode="python", exclude_none=True)


class ChildSpec(Spec):
    """The inputs of a resource that lives in a subaccount."""

    REPLACES: ClassVar[frozenset[str]] = frozenset({"account_sid"})
    OURS: ClassVar[frozenset[str]] = frozenset({"owner_account_sid", "frozen", "released"})

    account_sid: str | None = None
    """The subaccount; the program fills it from the account's id."""
    frozen: bool | None = None
    """True while the tenant is not active: the object is left as it is, whatever the manifest says."""
    released: bool | None = None
    """True when the tenant was released: nothing more is made."""


class AdoptableSpec(ChildSpec):
    """The inputs of an object that can be taken over by SID instead of being made."""

    OURS: ClassVar[frozenset[str]] = ChildSpec.OURS | {"adopt"}

    adopt: str | None = None
    """The SID of the existing object that this entry takes over."""
