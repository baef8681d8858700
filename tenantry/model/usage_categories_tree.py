"""Which usage categories contain others: what is used in a child counts in its parent too.

Twilio publishes no tree. These are the parents that are known (twilio.com/docs/usage/api/usage-record). Names do not
tell it: `calls` holds neither `calls-sip` nor `calls-client`, and `sms-messages-carrierfees` is in no `sms`.
"""

from collections.abc import Collection, Iterator, Mapping

CHILDREN: Mapping[str, tuple[str, ...]] = {
    "sms": ("sms-inbound", "sms-outbound"),
    "sms-inbound": ("sms-inbound-longcode", "sms-inbound-shortcode", "sms-inbound-tollfree"),
    "sms-outbound": ("sms-outbound-longcode", "sms-outbound-shortcode", "sms-outbound-tollfree"),
    "mms": ("mms-inbound", "mms-outbound"),
    "mms-inbound": ("mms-inbound-longcode", "mms-inbound-shortcode", "mms-inbound-toll-free"),
    "mms-outbound": (
        "mms-outbound-longcode",
        "mms-outbound-shortcode",
        "mms-outbound-toll-free",
        "mms-outbound-tollfree",
    ),
    "calls": ("calls-inbound", "calls-outbound"),
    "calls-inbound": ("calls-inbound-local", "calls-inbound-mobile", "calls-inbound-tollfree"),
    "calls-sip": ("calls-sip-inbound", "calls-sip-outbound"),
    "recordings": ("calls-recordings", "trunking-recordings"),
    "phonenumbers": ("phonenumbers-local", "phonenumbers-mobile", "phonenumbers-tollfree"),
    "lookups": ("calleridlookups", "carrier-lookups"),
    "pv": (
        "pv-basic-rooms",
        "pv-composition-media-downloaded",
        "pv-composition-media-encrypted",
        "pv-composition-media-stored",
        "pv-composition-minutes",
        "pv-recording-compositions",
        "pv-room-participants",
        "pv-rooms",
        "pv-sip-endpoint-registrations",
    ),
    "pv-room-participants": (
        "pv-room-participants-au1",
        "pv-room-participants-br1",
        "pv-room-participants-ie1",
        "pv-room-participants-jp1",
        "pv-room-participants-sg1",
        "pv-room-participants-us1",
        "pv-room-participants-us2",
    ),
    "verify": (
        "verify-outbound-email",
        "verify-package-plans",
        "verify-packaged-plans",
        "verify-push",
        "verify-silent-network-auth",
        "verify-sna",
        "verify-totp",
        "verify-voice-and-sms",
        "verify-voice-sms",
        "verify-whatsapp-conversations-business-initiated",
        "verify-whatsapp-template-business-initiated",
    ),
}
"""The children of each parent that is known."""

PARENTS: Mapping[str, str] = {child: parent for parent, children in CHILDREN.items() for child in children}
"""The parent of each child."""


def parents_of(category: str) -> Iterator[str]:
    """Yield the parent of a category, the parent of that, and so on."""
    while (parent := PARENTS.get(category)) is not None:
        yield parent
        category = parent


def contains(outer: str, inner: str) -> bool:
    """Return whether what is used in the inner category counts in the outer one too; none contains itself."""
    return outer in parents_of(inner)


def outermost(categories: Collection[str]) -> tuple[str, ...]:
    """Return the categories that none of the others contains, sorted: no use is in two of them, as far as is known."""
    names = set(categories)
    return tuple(sorted(name for name in names if names.isdisjoint(parents_of(name))))
