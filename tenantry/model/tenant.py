"""A tenant: the effective manifest of one customer, after its layers were merged."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from tenantry.model.api_key import ApiKeyEntry
from tenantry.model.event_sink import DebuggerWebhook
from tenantry.model.hold import Hold
from tenantry.model.kinds import IGNORABLE
from tenantry.model.retention import RetentionEntry
from tenantry.model.slo import Slo
from tenantry.model.subaccount import Account
from tenantry.model.terms import Amendment, Terms
from tenantry.model.usage_trigger import UsageTriggerEntry
from tenantry.model.written import Day, Name, Pattern, Slug, SlugList, Text, Written, refusal

LABEL = r"^[A-Za-z][A-Za-z0-9_.-]{0,62}$"
RESERVED = ("environment", "account.owner", "api_keys.*.rotated_by")
"""Keys of a later version: refused today, so that no manifest gives them another meaning; * is any name."""
TENANT_ONLY = (
    *("tenant", "name", "state", "close_after", "never_used", "state_note", "account", "attested"),
    *("billed_from", "billed_until", "amendments", "hold", "manage"),
)
"""Keys that belong to tenants and are refused in defaults, plans and profiles."""
ADOPTING = ("adopt", "friendly_name")
"""Keys that are of tenants only at any depth: which object an entry takes over, and the name that it keeps."""
ENDED_STATES = ("closed", "released")
"""States for which no account is made."""

_ENTRY = rf"^({'|'.join(IGNORABLE)})(/\S(.*\S)?)?$"
Label = Annotated[str, Pattern(LABEL, "must be letters, digits, '_', '.' or '-', and start with a letter")]
_MEANT = f"must be one of {', '.join(IGNORABLE)}, then '/' and a name of yours, a name in Twilio, or a SID"
Entry = Annotated[str, Pattern(_ENTRY, _MEANT)]


def _free(slug: str) -> str:
    """Refuse the name of the stack's own resource, which a run that is focused on tenants always includes."""
    if slug == "fleet":
        raise refusal("is the name of the stack's own resource; take another slug")
    return slug


TenantSlug = Annotated[Slug, AfterValidator(_free)]


class StateNote(Written):
    """Why a tenant is in its state; free text for people."""

    since: Day | None = Field(default=None, description="the day it began")
    reason: str | None = Field(default=None, description="why, in a few words")
    ticket: str | None = Field(default=None, description="where it was decided")


class Attestation(Written):
    """A setting that only the Console shows, and who confirmed it."""

    value: bool | int | str = Field(description="what the Console shows")
    by: Text = Field(description="who looked, such as an email address")
    on: Day = Field(description="the day they looked")


class Attested(Written):
    """Settings that only the Console has."""

    message_log_days: Attestation | None = Field(default=None, description="message log window, 7 to 400 days")
    message_redaction: Attestation | None = Field(default=None, description="redaction of bodies or numbers")
    media_http_auth: Attestation | None = Field(default=None, description="HTTP authentication on media URLs")
    recording_http_auth: Attestation | None = Field(default=None, description="HTTP authentication on recordings")
    recording_encryption: Attestation | None = Field(default=None, description="voice recording encryption")
    recording_external_storage: Attestation | None = Field(default=None, description="recordings in your own S3")
    hipaa: Attestation | None = Field(default=None, description="HIPAA flag of the account")


class Ignore(Written):
    """Intended drift: the entry is left as it is in Twilio."""

    reason: Text = Field(description="why it is intended")
    until: Day | None = Field(default=None, description="last day on which the drift is intended")


class Tenant(Written):
    """One tenant. Slugs and entry names never change: they are the keys of everything."""

    tenant: TenantSlug = Field(description="the slug, equal to the file's name; never changes")
    name: Name = Field(description="name of the customer, for people")
    customer: Slug | None = Field(default=None, description="several tenants of one customer share this; default: slug")
    plan: Slug | None = Field(default=None, description="plans/<plan>.yaml")
    profiles: SlugList = Field(default=(), description="profiles/<name>.yaml, in this order")
    state: Literal["active", "suspended", "closed", "released"] | None = Field(
        default=None, description="without it the account's status in Twilio stays as it is"
    )
    close_after: Day | None = Field(default=None, description="first day on which a closed tenant may be closed")
    never_used: bool | None = Field(
        default=None,
        description="of a closed tenant: its account was made by mistake within 24 hours and nobody used it, so no "
        "rule asks for a notice; the run that closes it asks Twilio, and refuses where that is not so",
    )
    state_note: StateNote | None = Field(default=None, description="why the tenant is in its state")
    region: Literal["us1"] | None = Field(default=None, description="Twilio region; only us1 is supported yet")
    labels: dict[Label, str] = Field(default={}, description="your own: in exports and reports, never sent to Twilio")
    account: Account | None = Field(default=None, description="an existing subaccount to take over")
    manage: Literal["observe"] | None = Field(
        default=None,
        description="observe: nothing of the tenant is ever changed; drift, export, usage and health read its account",
    )
    api_keys: dict[Slug, ApiKeyEntry] = Field(default={}, description="API keys by name")
    usage_triggers: dict[Slug, UsageTriggerEntry] = Field(default={}, description="usage triggers by name")
    debugger_webhook: DebuggerWebhook | None = Field(default=None, description="where errors are sent")
    retention: RetentionEntry | None = Field(default=None, description="how long records are kept")
    hold: Hold | None = Field(
        default=None, description="nothing of the tenant is deleted, redacted, erased or closed while it holds"
    )
    slo: Slo | None = Field(default=None, description="service level objectives, which `tenantry health` watches")
    terms: Terms | None = Field(default=None, description="what the customer pays you; never sent to Twilio")
    billed_from: Day | None = Field(
        default=None,
        description="first day that is billed; left out: the day of the account, and for an account that is older than "
        "the tenant's first commit with terms, the first day of that commit's month",
    )
    billed_until: Day | None = Field(default=None, description="last day that is billed")
    amendments: Annotated[tuple[Amendment, ...], Field(strict=False)] = Field(
        default=(), description="changes of the terms from a day on, in months that are not closed"
    )
    attested: Attested | None = Field(default=None, description="settings that only the Console has")
    ignore: dict[Entry, Ignore] = Field(
        default={}, description="intended drift, by kind/entry, kind/name in Twilio, or kind/SID"
    )

    @model_validator(mode="after")
    def _only_the_closed_have_a_day(self) -> "Tenant":
        if self.state == "closed" and self.close_after is None:
            sentence = 'state: closed needs close_after: "YYYY-MM-DD", the first day on which it may be closed'
            raise refusal(sentence, about="state")
        if self.state != "closed" and self.close_after is not None:
            raise refusal("close_after is for state: closed only; remove it", about="close_after")
        if self.state != "closed" and self.never_used:
            raise refusal("never_used is for state: closed only; remove it", about="never_used")
        if self.account is not None and self.never_used:
            raise refusal("an account that was adopted was not made by mistake; remove never_used", about="never_used")
        return self

    @model_validator(mode="after")
    def _observes_what_is_there(self) -> "Tenant":
        if self.manage is None:
            return self
        if self.account is None:
            sentence = "manage: observe is for an account that is there; name it in account: {adopt: AC…}"
            raise refusal(sentence, about="manage")
        if self.state is not None:
            sentence = "state says what an account is to be, and manage: observe leaves it as it is; remove one of them"
            raise refusal(sentence, about="state")
        return self

    @property
    def is_observed(self) -> bool:
        """Whether nothing of it is registered, and nothing ever written."""
        return self.manage == "observe"

    @model_validator(mode="after")
    def _is_billed_in_order(self) -> "Tenant":
        if self.billed_from and self.billed_until and self.billed_until < self.billed_from:
            raise refusal(
                f"billed_until is before billed_from, {self.billed_from}; correct one of them", about="billed_until"
            )
        if self.amendments and self.terms is None:
            raise refusal(
                "amendments change terms, and there are none; write terms, here or in a layer", about="amendments"
            )
        return self

    @property
    def customer_key(self) -> str:
        """The customer, which is the tenant itself unless several tenants share one."""
        return self.customer or self.tenant
