"""Subaccounts: the Twilio account of one tenant."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tenantry.model.kind import DEFAULT_DANGERS, Danger, Kind, Rank
from tenantry.model.recorded import GONE, TOKENS
from tenantry.model.spec import Spec
from tenantry.model.written import NAME_LENGTH, Name, Written, sid

ACTIVE = "active"

AccountSid = Annotated[str, sid("AC", "a Twilio account")]


class Account(Written):
    """The Twilio account that a tenant takes over instead of getting a new one."""

    adopt: AccountSid = Field(description="SID of the existing subaccount to take over")
    friendly_name: Name | None = Field(
        default=None, description="new name of the adopted account; without it the account keeps its name"
    )


class SubaccountSpec(Spec):
    """The inputs of a subaccount."""

    OURS: ClassVar[frozenset[str]] = frozenset({"owner_account_sid", "slug", "adopt", "ending"})

    slug: str
    """Our key for the tenant; an account that we made is found again by the ` (slug)` that its name ends in."""
    friendly_name: str | None = None
    """Absent for an adopted account that keeps its name."""
    active: bool | None = None
    """Absent when the manifest has no state: the status in Twilio then stays as it is."""
    adopt: str | None = None
    ending: Literal["closed", "released"] | None = None
    """Set when the tenant is leaving: no account is made, and deleting the resource is allowed."""


def account_name(name: str, slug: str) -> str:
    """Return the name that we give an account: `{name} ({slug})`, cut to 64 characters in all."""
    mark = slug_mark(slug)
    return f"{name[: NAME_LENGTH - len(mark)].rstrip()}{mark}"


def slug_mark(slug: str) -> str:
    """Return the suffix of the name of a tenant's account."""
    return f" ({slug})"


def is_resting(status: str) -> bool:
    """Return whether somebody has stopped an account that can be active again."""
    return status not in (ACTIVE, *GONE)


def closed_refusal(slug: str) -> str:
    """Return the refusal for a tenant that is open in its manifest and closed in Twilio."""
    return f"{slug} is closed in Twilio, which can't be undone. Set state: closed, or take a new slug."


TAKES_OVER = "takes_over"
"""The property of a step that says whose account it takes over by right."""
RECOVERS = "recovers"
"""The property of a step that says which account it takes over by its name alone."""

KIND = Kind(
    name="subaccount",
    title="account",
    token=f"{TOKENS}Subaccount",
    spec=SubaccountSpec,
    written="account",
    fields={"friendly_name": "name", "status": "state"},
    sid="AC",
    hosts=("api.twilio.com",),
    dangers=(
        Danger(
            "gone",
            frozenset({"update"}),
            "the account is closed in Twilio, or unknown there; an `up` fails for the tenant until its manifest says "
            "state: closed, or it takes a new slug",
            Rank.TENANT,
            field="status",
            is_met=lambda old, _new: old in GONE,
        ),
        Danger(
            "recover",
            frozenset({"create", "adopt"}),
            "the account is taken over by its name alone, as --recover says; see that it is the tenant's",
            Rank.OWNER,
            field=RECOVERS,
            is_met=lambda _old, new: bool(new),
        ),
        *DEFAULT_DANGERS,
    ),
)
