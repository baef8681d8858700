"""API keys: standard ones, and restricted ones with a policy."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from tenantry.model.kind import Danger, Kind, Rank
from tenantry.model.permission import MOST, PermissionOrSet, expand
from tenantry.model.recorded import TOKENS
from tenantry.model.spec import AdoptableSpec, TextSet
from tenantry.model.written import (
    KEPT_NAME,
    Generations,
    LiveName,
    SlugList,
    Written,
    refusal,
    refuse_name_alone,
    sid,
)

KeySid = Annotated[str, sid("SK", "an API key")]


def _with_sets(access: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    return expand(access, info.context["permission_sets"]) if info.context else access


Policy = Annotated[
    tuple[PermissionOrSet, ...], Field(strict=False, min_length=1, max_length=MOST), AfterValidator(_with_sets)
]


class Rotation(Written):
    """How often a key is made anew, and how long the old one goes on beside it."""

    every_days: Annotated[int, Field(ge=2, le=3650)] = Field(description="age at which the next generation is added")
    overlap_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=7, description="age of a generation at which the one before it may go"
    )

    @model_validator(mode="after")
    def _overlaps_less_than_it_lasts(self) -> "Rotation":
        if self.overlap_days >= self.every_days:
            sentence = f"must be below every_days, {self.every_days}, or the old keys are never gone; lower one of them"
            raise refusal(f"overlap_days, {self.overlap_days}, {sentence}", about="overlap_days")
        return self


class ApiKeyEntry(Written):
    """An API key of a tenant: `standard`, or a set of permissions, which makes a restricted key."""

    access: Literal["standard"] | Policy = Field(description="standard, or the permissions of a restricted key")
    generations: Generations = Field(
        default=(1,), description="one key a generation; the highest is the current one, add the next to rotate"
    )
    deliver_to: SlugList = Field(
        default=(), description="names of `secret_sinks` in tenantry.yaml; each gets the current generation"
    )
    rotation: Rotation | None = Field(default=None, description="how often the key is made anew")
    adopt: KeySid | None = Field(default=None, description="SID of the existing key that generation 1 takes over")
    friendly_name: LiveName | None = Field(default=None, description=f"of the adopted key; {KEPT_NAME}")

    @model_validator(mode="after")
    def _adopted_key_is_generation_1(self) -> "ApiKeyEntry":
        if self.adopt and 1 not in self.generations:
            sentence = "adopt takes over generation 1, which generations does not name; remove adopt"
            raise refusal(sentence, about="adopt")
        return refuse_name_alone(self)


class ApiKeySpec(AdoptableSpec):
    """The inputs of one generation of an API key; without a policy it is a standard key."""

    REPLACES: ClassVar[frozenset[str]] = frozenset({"account_sid"})

    friendly_name: str
    policy: TextSet | None = None

    @property
    def restricted(self) -> bool:
        """Whether the key is a restricted one; Twilio can't turn one type into the other."""
        return self.policy is not None


def key_name(key: str, generation: int) -> str:
    """Return the name that a generation of a key has in Twilio."""
    return f"{key}#{generation}"


def expand_key(key: str, entry: ApiKeyEntry) -> Iterator[tuple[int, ApiKeySpec]]:
    """Yield the inputs of each generation."""
    kept = entry.friendly_name
    for generation in sorted(entry.generations):
        yield (
            generation,
            ApiKeySpec(
                friendly_name=key_name(key, generation) if kept is None or generation != 1 else kept,
                policy=None if entry.access == "standard" else entry.access,
                adopt=entry.adopt if generation == 1 else None,
            ),
        )


def key_entry(spec: ApiKeySpec) -> ApiKeyEntry:
    """Return the entry of a key, without its generations."""
    return ApiKeyEntry.model_construct(access=spec.policy or "standard", generations=(), adopt=None, friendly_name=None)


def _loses_permissions(old: Any, new: Any) -> bool:
    return isinstance(old, list) and not set(old) <= set(new or ())


KIND = Kind(
    name="api_key",
    title="API key",
    token=f"{TOKENS}ApiKey",
    spec=ApiKeySpec,
    written="api_keys",
    entry=ApiKeyEntry,
    expand=expand_key,
    entry_of=key_entry,
    has_generations=True,
    adopts=("adopt",),
    keeps_name=("friendly_name",),
    fields={"policy": "access"},
    sid="SK",
    hosts=("api.twilio.com", "iam.twilio.com"),
    gateway="api_keys",
    is_credential=True,
    dangers=(
        Danger(
            "delete_key",
            frozenset({"delete", "finish"}),
            "whoever still uses the key is refused at once",
            Rank.ACCESS,
        ),
        Danger(
            "replace_key",
            frozenset({"replace"}),
            "a new key with another SID and another secret; whoever still uses the old one is refused at once",
            Rank.ACCESS,
        ),
        Danger(
            "cut_key",
            frozenset({"update", "adopt"}),
            "requests that need a permission which the key loses are refused at once",
            Rank.ACCESS,
            field="policy",
            is_met=_loses_permissions,
        ),
    ),
)
