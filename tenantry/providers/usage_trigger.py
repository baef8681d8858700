"""Usage triggers in a stack."""

from typing import Any, ClassVar

from tenantry.model.usage_trigger import UsageTriggerSpec
from tenantry.providers.child import ChildProvider
from tenantry.providers.resource import TwilioResource
from tenantry.twilio.session import Session
from tenantry.twilio.usage_trigger import UsageTriggers


class UsageTriggerProvider(ChildProvider[UsageTriggerSpec]):
    """Makes, takes over, changes and deletes usage triggers."""

    kind = "usage_trigger"
    spec: ClassVar[type[Any]] = UsageTriggerSpec

    def gateway(self, session: Session) -> UsageTriggers:
        """Return the gateway of usage triggers."""
        return session.usage_triggers


class UsageTrigger(TwilioResource, kind="UsageTrigger", provider=UsageTriggerProvider):
    """A usage trigger of a tenant."""
