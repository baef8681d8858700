"""Where notices go: `notices` in tenantry.yaml. The secret that signs them stands in an environment variable."""

import re
from fnmatch import fnmatchcase
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

from tenantry.model.url import WholeUrl
from tenantry.model.written import Pattern, Text, Written, refusal, refuse_repeats
from tenantry.text.spelling import closest

NoticeType = Literal[
    "cap.warned",
    "cap.reached",
    "cap.awaiting_approval",
    "tenant.suspended",
    "tenant.resumed",
    "statement.closed",
    "credits.low",
    "credits.empty",
    "key.delivered",
    "key.retired",
    "offboarding.step",
]
NOTICE_TYPES: tuple[NoticeType, ...] = get_args(NoticeType)
_VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"
_PATTERN = r"^[a-z_]+\.([a-z_]+|\*)$"


def _check_type(written: str) -> str:
    if not re.fullmatch(_PATTERN, written):
        raise refusal("must be a type of notice, such as cap.reached, or cap.* for all that begin so")
    if not any(fnmatchcase(known, written) for known in NOTICE_TYPES):
        close = closest(written, NOTICE_TYPES)
        hint = f"; did you mean '{close}'?" if close else f"; there are {', '.join(NOTICE_TYPES)}"
        raise refusal(f"'{written}' is no type of notice{hint}")
    return written


_Type = Annotated[Text, Pattern(r"^\S+$", "must not hold white space"), AfterValidator(_check_type)]


class Notices(Written):
    """Where your application is told of what happens; signed as Standard Webhooks says."""

    url: WholeUrl = Field(description="whole URL of your application")
    secret_from: Annotated[Text, Pattern(_VARIABLE, "must be the name of an environment variable")] = Field(
        description="environment variable with the secret `whsec_…`, or with two of them while you change it"
    )
    types: Annotated[tuple[_Type, ...], Field(strict=False), AfterValidator(refuse_repeats)] = Field(
        default=(), description="types that are sent, such as cap.reached or cap.*; left out: all"
    )
