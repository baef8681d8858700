"""Event Streams sinks: where a tenant's errors are sent.

Twilio's Console Debugger webhook has no public API. The official equal is an Event Streams webhook sink and a
subscription to the error log, both in the subaccount.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from tenantry.model.spec import AdoptableSpec, Url
from tenantry.model.url import CallbackUrl
from tenantry.model.written import Written, sid

DEBUGGER = "tenantry:debugger"

SinkSid = Annotated[str, sid("DG", "an Event Streams sink")]
SubscriptionSid = Annotated[str, sid("DF", "an Event Streams subscription")]


class AdoptWebhook(Written):
    """The existing sink and subscription that a debugger webhook takes over."""

    sink: SinkSid = Field(description="SID of the existing webhook sink")
    subscription: SubscriptionSid | None = Field(default=None, description="SID of its subscription")


class DebuggerWebhook(Written):
    """The webhook that gets a tenant's errors and warnings as CloudEvents."""

    url: CallbackUrl = Field(description="a whole URL, or a path below webhooks; {tenant} is the slug")
    method: Literal["GET", "POST"] = Field(default="POST", description="how the URL is called")
    batch_events: bool = Field(default=False, description="true sends arrays of events")
    adopt: AdoptWebhook | None = Field(default=None, description="existing sink and subscription to take over")


class SinkConfiguration(BaseModel):
    """The configuration of a webhook sink."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    destination: Url
    method: Literal["GET", "POST"]
    batch_events: bool


class EventSinkSpec(AdoptableSpec):
    """The inputs of a webhook sink. Twilio can change its description, nothing else."""

    REPLACES: ClassVar[frozenset[str]] = frozenset({"account_sid", "sink_type", "sink_configuration"})

    description: str
    sink_type: Literal["webhook"] = "webhook"
    sink_configuration: SinkConfiguration
