"""access.yaml: who may be a Console user with which role, until when and why; and keys that no manifest knows."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tenantry.model.api_key import KeySid
from tenantry.model.written import Day, Pattern, Text, Written, refusal
from tenantry.text.sids import ACCOUNT_SID

ORGANIZATION = "organization"
Email = Annotated[str, Pattern(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "must be an e-mail address")]
Domain = Annotated[str, Pattern(r"^[a-z0-9.-]+\.[a-z]{2,}$", "must be a domain in small letters, such as owl.example")]
Scope = Annotated[
    str,
    Pattern(
        rf"^({ORGANIZATION}|{ACCOUNT_SID})$",
        f"must be {ORGANIZATION}, or the SID of an account: AC and 32 hexadecimal digits",
    ),
]


class Grant(Written):
    """A role that a person may have."""

    role: Text = Field(description="name of the role, as the Console shows it")
    scope: Scope = Field(default=ORGANIZATION, description="organization, or the SID of the account it is limited to")
    until: Day | None = Field(default=None, description="last day on which the person may have it")
    reason: Text = Field(description="why, in a few words")


class AttestedUser(Written):
    """A Console user whom somebody saw: without an Organization no API lists them."""

    who: Email = Field(description="whom the Console shows")
    role: Text = Field(description="the role that it shows")
    by: Text = Field(description="who looked")
    on: Day = Field(description="the day they looked")


class AllowedKey(Written):
    """An API key that no manifest knows, and may be there."""

    reason: Text = Field(description="what it is for")
    until: Day | None = Field(default=None, description="last day on which it may be there")


class Access(Written):
    """Who may do what in Twilio; reviewed like a manifest."""

    format: Literal[1] = Field(description="version of this file's format")
    domains: Annotated[tuple[Domain, ...], Field(strict=False)] = Field(
        default=(), description="domains of your own people; left out: any. No customer is a Console user"
    )
    people: dict[Email, Annotated[tuple[Grant, ...], Field(strict=False)]] = Field(
        default={}, description="the roles of each person, by e-mail address; an empty list: a user without any role"
    )
    attested: Annotated[tuple[AttestedUser, ...], Field(strict=False)] = Field(
        default=(), description="users whom somebody saw in the Console, where there is no Organization"
    )
    keys: dict[KeySid, AllowedKey] = Field(default={}, description="keys that no manifest knows, by SID")

    @model_validator(mode="after")
    def _names_each_person_once(self) -> "Access":
        seen: dict[str, str] = {}
        for email in self.people:
            if (earlier := seen.setdefault(email.lower(), email)) != email:
                sentence = f"{earlier} and {email} are one address: write their roles below one of them"
                raise refusal(sentence, about="people")
        return self
