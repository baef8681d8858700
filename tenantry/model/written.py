"""The base of every manifest model, and the scalars of manifests."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from tenantry.text.sids import DIGITS

SLUG = r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$"
SLUG_LENGTH = 32
NAME_LENGTH = 64
_BREAKS = r"\n\r\u000b\u000c\u0085\u2028\u2029"
NAME = rf"^[^\s{_BREAKS}]([^{_BREAKS}]*[^\s{_BREAKS}])?$"


class Written(BaseModel):
    """A mapping of a manifest: frozen, no unknown keys, no types guessed from text."""

    # Most are only ever parts of others: a validator for each of these, which nobody asks, is a tenth of a start.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


def refusal(sentence: str, about: str = "") -> PydanticCustomError:
    """Return the error that refuses a value with exactly this sentence; `about` is the key to look at."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence, "about": about})


KEPT_NAME = "the name that it keeps; left out, it gets ours"


class _Adopted(Protocol):
    @property
    def adopt(self) -> str | None: ...
    @property
    def friendly_name(self) -> str | None: ...


A = TypeVar("A", bound=_Adopted)


def refuse_name_alone(entry: A) -> A:
    """Return an entry, or refuse its `friendly_name` where it has no `adopt`: what we make has our name."""
    if entry.friendly_name is not None and entry.adopt is None:
        sentence = "friendly_name is the name that an adopted object keeps, and nothing is adopted"
        raise refusal(f"{sentence}; write adopt, or remove friendly_name", about="friendly_name")
    return entry


@dataclass(frozen=True)
class Pattern:
    """Text that matches a regular expression; people see the sentence, editors use the expression."""

    regex: str
    sentence: str

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.regex)

    def check(self, text: str) -> str:
        """Return the text, or refuse it."""
        # In Python `$` fits before a last line break too, in JSON Schema it does not.
        if not self._compiled.fullmatch(text):
            raise refusal(self.sentence)
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "pattern": self.regex}


def sid(prefix: str, what: str) -> Pattern:
    """Return the pattern of a Twilio SID: a two-letter prefix and 32 hexadecimal digits."""
    return Pattern(rf"^{prefix}{DIGITS}$", f"must be the SID of {what}: {prefix} and 32 hexadecimal digits")


def _a_number(value: object) -> Decimal:
    """Accept the loader's form of a YAML number: an int, or a Decimal of the text as it was written."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise refusal("must be a number, without quotes")
    return Decimal(value)


def _a_day(value: object) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise refusal(f"is not a day of the calendar: {error}") from None
    raise refusal('must be a day written as "YYYY-MM-DD"')


def refuse_repeats(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the items of a list, none of which stands in it twice."""
    repeated = sorted({str(item) for item in items if items.count(item) > 1})
    if repeated:
        raise refusal(f"names {', '.join(repeated)} more than once")
    return items


Slug = Annotated[
    str, Pattern(SLUG, "must be a-z, 0-9 and '-', start with a letter, not end in '-', 32 characters at most")
]
Text = Annotated[str, Field(min_length=1)]
Name = Annotated[
    str,
    Field(min_length=1, max_length=NAME_LENGTH),
    Pattern(NAME, "must be one line that neither begins nor ends with a blank; remove the blank or the line break"),
]
"""The name of an account in Twilio, or a part of it."""
LiveName = Annotated[str, Field(max_length=4096)]
"""The name of an object that somebody else made: Twilio refuses hardly any, and it may be empty."""
Number = Annotated[Decimal, BeforeValidator(_a_number), WithJsonSchema({"type": "number"})]
Day = Annotated[
    date,
    BeforeValidator(_a_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
# YAML has lists, our values are frozen: the list itself is converted, its items stay strict.
SlugList = Annotated[tuple[Slug, ...], Field(strict=False), AfterValidator(refuse_repeats)]
Generations = Annotated[
    tuple[Annotated[int, Field(ge=1, le=999)], ...],
    Field(strict=False, min_length=1),
    AfterValidator(refuse_repeats),
]
