"""Which components of the status page a tenant uses, as far as its manifest tells.

The page has some hundreds of components, one for each carrier and country, so the words in their names tell them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tenantry.model.tenant import Tenant


@dataclass(frozen=True)
class Product:
    """A product of Twilio's: what its components are called, and what of a manifest says that it is used."""

    words: re.Pattern[str]
    categories: tuple[str, ...] = ()
    """How usage categories of triggers begin."""
    permission: str | None = None
    """How permissions of restricted keys begin."""


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{text})\b", re.IGNORECASE)


EVERYBODY = Product(_words("REST API|API|Authentication"))
MESSAGING = Product(_words("Messaging|SMS|MMS|RCS"), ("sms", "mms", "rcs"), "/twilio/messaging/")
VOICE = Product(
    _words("Voice|Calls?|SIP|Conference|Recordings?|PSTN"), ("calls", "recordings", "trunk"), "/twilio/voice/"
)
DELIVERY = Product(_words("Event Streams|Webhooks|Debugger"))
USAGE = Product(_words("Billing|Usage"))
PRODUCTS = (
    MESSAGING,
    VOICE,
    Product(_words("Phone Numbers"), ("phonenumbers",), "/twilio/phone-numbers/"),
    Product(_words("Verify|Authy"), ("verify", "authy"), "/twilio/verify/"),
    Product(_words("Video"), ("video", "group-rooms"), "/twilio/video/"),
    Product(_words("Conversations|Chat"), ("conversations", "chat"), "/twilio/conversations/"),
    Product(_words("WhatsApp"), ("whatsapp",)),
    Product(_words("Lookup"), ("lookups",), "/twilio/lookups/"),
)


def find_products(tenant: Tenant) -> frozenset[Product]:
    """Return what a tenant uses; one whose manifest names no product may use messages and calls."""
    named = frozenset(product for product in PRODUCTS if _is_named(product, tenant))
    own = (named or frozenset({MESSAGING, VOICE})) | {EVERYBODY}
    return own | ({DELIVERY} if tenant.debugger_webhook else set()) | ({USAGE} if tenant.usage_triggers else set())


def count_users(components: Iterable[str], tenants: Mapping[str, Tenant]) -> Mapping[str, frozenset[str]]:
    """Return the slugs of the tenants that use each component."""
    used = {slug: find_products(tenant) for slug, tenant in tenants.items()}
    return {
        name: frozenset(
            slug for slug, products in used.items() if any(product.words.search(name) for product in products)
        )
        for name in components
    }


def _is_named(product: Product, tenant: Tenant) -> bool:
    categories = [trigger.usage_category for trigger in tenant.usage_triggers.values()]
    return any(category.startswith(product.categories) for category in categories if product.categories) or any(
        permission.startswith(product.permission) for permission in _permissions(tenant) if product.permission
    )


def _permissions(tenant: Tenant) -> Iterator[str]:
    for key in tenant.api_keys.values():
        if key.access != "standard":
            yield from key.access
