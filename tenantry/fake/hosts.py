"""Which operations each of Twilio's hosts has here; everything else is answered with 501."""

from collections.abc import Mapping

from tenantry.fake.accounts import auth_token
from tenantry.fake.api import api_key, balance, subaccount, traffic, unbuilt, usage_record, usage_trigger
from tenantry.fake.call import Operation
from tenantry.fake.events import event_sink, event_subscription, event_type, schema, subscribed_event
from tenantry.fake.iam import api_key as iam_key
from tenantry.fake.monitor import alert, audit_event
from tenantry.fake.status import page

API = "api.twilio.com"
IAM = "iam.twilio.com"
EVENTS = "events.twilio.com"
ACCOUNTS = "accounts.twilio.com"
MONITOR = "monitor.twilio.com"
STATUS = "status.twilio.com"


def operations_by_host() -> Mapping[str, tuple[Operation, ...]]:
    return {
        API: unbuilt.operations()
        + subaccount.operations()
        + api_key.operations()
        + usage_trigger.operations()
        + usage_record.operations()
        + balance.operations()
        + traffic.operations(),
        IAM: iam_key.operations(),
        EVENTS: event_sink.operations()
        + event_subscription.operations()
        + subscribed_event.operations()
        + event_type.operations()
        + schema.operations(),
        ACCOUNTS: auth_token.operations(),
        MONITOR: alert.operations() + audit_event.operations(),
        STATUS: page.operations(),
    }


def known_operations() -> list[str]:
    """What is built, a line each: what the loud 501 shows."""
    return [
        f"{operation.method} https://{host}{operation.path}"
        for host, operations in operations_by_host().items()
        for operation in operations
        if operation.is_built
    ]
