"""API keys: standard ones, and restricted ones with a policy."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from tenantry.model.permission import MOST, PermissionOrSet, expand
from tenantry.model.spec import AdoptableSpec, TextSet
from tenantry.model.written import Generations, Written, refusal, sid

KeySid = Annotated[str, sid("SK", "an API key")]


def _with_sets(access: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    return expand(access, info.context["permission_sets"]) if info.context else access


Policy = Annotated[
    tuple[PermissionOrSet, ...], Field(strict=False, min_length=1, max_length=MOST), AfterValidator(_with_sets)
]


class ApiKeyEntry(Written):
    """An API key of a tenant: `standard`, or a set of permissions, which makes a restricted key."""

    access: Literal["standard"] | Policy = Field(description="standard, or the permissions of a restricted key")
    generations: Generations = Field(
        default=(1,), description="one key a generation; the highest is the current one, add the next to rotate"
    )
    adopt: KeySid | None = Field(default=None, description="SID of the existing key that generation 1 takes over")

    @model_validator(mode="after")
    def _adopted_key_is_generation_1(self) -> "ApiKeyEntry":
        if self.adopt and 1 not in self.generations:
            sentence = "adopt takes over generation 1, which generations does not name; remove adopt"
            raise refusal(sentence, about="adopt")
        return self


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
