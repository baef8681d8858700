"""Which operations each of Twilio's hosts has here; everything else is answered with 501."""

from collections.abc import Mapping
from functools import cache

from faketwilio.hosts.accounts import auth_token
from faketwilio.hosts.api import api_key, balance, incoming_phone_number, subaccount, unbuilt
from faketwilio.hosts.api.traffic import (
    conference,
    media,
    message,
    notification,
    part_recording,
    phone_call,
    recording,
    transcription,
)
from faketwilio.hosts.api.usage import usage_record, usage_trigger
from faketwilio.hosts.events import event_sink, event_subscription, event_type, schema, subscribed_event
from faketwilio.hosts.iam import api_key as iam_key
from faketwilio.hosts.monitor import alert, audit_event
from faketwilio.hosts.organization import directory, token
from faketwilio.hosts.status import page
from faketwilio.wire.call import Operation

API = "api.twilio.com"
RESOURCES = {
    API: (
        unbuilt,
        subaccount,
        api_key,
        usage_trigger,
        usage_record,
        balance,
        message,
        media,
        phone_call,
        recording,
        part_recording,
        transcription,
        conference,
        notification,
        incoming_phone_number,
    ),
    "iam.twilio.com": (iam_key, directory),
    "oauth.twilio.com": (token,),
    "events.twilio.com": (event_sink, event_subscription, subscribed_event, event_type, schema),
    "accounts.twilio.com": (auth_token,),
    "monitor.twilio.com": (alert, audit_event),
    "status.twilio.com": (page,),
}
"""Each host, and the modules of its resources; where two have a path that fits, the first one answers."""


@cache
def list_operations_by_host() -> Mapping[str, tuple[Operation, ...]]:
    return {
        host: tuple(operation for resource in resources for operation in resource.operations())
        for host, resources in RESOURCES.items()
    }


def list_known_operations() -> list[str]:
    """What is built, a line each: what the loud 501 shows."""
    return [
        f"{operation.method} https://{host}{operation.path}"
        for host, operations in list_operations_by_host().items()
        for operation in operations
        if operation.is_built
    ]
