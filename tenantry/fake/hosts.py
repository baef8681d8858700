"""Which operations each of Twilio's hosts has here; everything else is answered with 501."""

from collections.abc import Mapping

from tenantry.fake.api import api_key, subaccount, unbuilt, usage_trigger
from tenantry.fake.call import Operation
from tenantry.fake.events import event_sink, event_subscription, event_type, subscribed_event
from tenantry.fake.iam import api_key as iam_key

API = "api.twilio.com"
IAM = "iam.twilio.com"
EVENTS = "events.twilio.com"


def operations_by_host() -> Mapping[str, tuple[Operation, ...]]:
    return {
        API: subaccount.operations() + api_key.operations() + usage_trigger.operations() + unbuilt.operations(),
        IAM: iam_key.operations(),
        EVENTS: event_sink.operations()
        + event_subscription.operations()
        + subscribed_event.operations()
        + event_type.operations(),
    }


def known_operations() -> list[str]:
    """What is built, a line each: what the loud 501 shows."""
    return [
        f"{operation.method} https://{host}{operation.path}"
        for host, operations in operations_by_host().items()
        for operation in operations
        if operation.is_built
    ]
