"""Policies of restricted keys: which permissions there are, and what a policy lets through."""

import re

from faketwilio.wire.errors import TwilioError, violation
from faketwilio.wire.forms import read_json_parameter

MAX_PERMISSIONS = 100
SHAPE = re.compile(r"/twilio/([a-z-]+)/([a-z0-9.-]+)/(\*|create|read|list|update|delete)")
PRODUCTS = frozenset({"billing", "event-streams", "iam", "messaging", "monitor", "phone-numbers", "video", "voice"})
# The products of which every resource is known; of the others the shape is enough.
KNOWN: dict[str, dict[str, frozenset[str]]] = {
    "iam": {
        "api-keys": frozenset({"*", "create", "read", "list", "update", "delete"}),
        "accounts": frozenset({"read", "list"}),
        "account-oauth-apps": frozenset({"*", "create", "read", "list", "update", "delete"}),
        "public-keys": frozenset({"list"}),
    },
    "event-streams": {
        "sink": frozenset({"*", "create", "read", "list", "update", "delete"}),
        "sink.test": frozenset({"create"}),
        "subscription": frozenset({"*", "create", "read", "list", "update", "delete"}),
        "subscription.subscribed-event": frozenset({"*", "create", "read", "list", "update", "delete"}),
        "event-type": frozenset({"read", "list"}),
        "schema": frozenset({"read"}),
        "schema.version": frozenset({"read", "list"}),
    },
}


def parse_policy(text: str, more_products: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The permissions of a policy in JSON; reversed, because Twilio does not keep the order it was given."""
    policy = read_json_parameter("policy", text, 70002)
    if not isinstance(policy, dict) or set(policy) != {"allow"} or not isinstance(policy["allow"], list):
        raise TwilioError(400, 70002, "Invalid policy: an object with the one list 'allow' is expected")
    for assertion in policy["allow"]:
        if not isinstance(assertion, str) or not _is_known(assertion, more_products):
            raise TwilioError(400, 70002, f"assertion '{assertion}' is invalid")
    allow = tuple(dict.fromkeys(policy["allow"]))
    if not 0 < len(allow) <= MAX_PERMISSIONS:
        raise violation()
    return allow[::-1]


def allows(policy: tuple[str, ...], permission: str) -> bool:
    """Whether a policy lets this through: `read` is not `list`, only `*` is everything of a resource."""
    return permission in policy or f"{permission.rpartition('/')[0]}/*" in policy


def _is_known(assertion: str, more_products: tuple[str, ...]) -> bool:
    match = SHAPE.fullmatch(assertion)
    if match is None:
        return False
    product, resource, verb = match.groups()
    if product in KNOWN:
        return verb in KNOWN[product].get(resource, frozenset())
    return product in PRODUCTS or product in more_products
