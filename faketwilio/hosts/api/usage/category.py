"""Usage categories, and what those that are known to add up add up from.

Sources: the names of all of them stand in Twilio's OpenAPI, the tree of some in
twilio.com/docs/usage/api/usage-record. Names do not tell the tree: `calls` holds neither `calls-sip` nor
`calls-client`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOTAL = "totalprice"


@dataclass(frozen=True)
class Category:
    """A category; what is used in it counts in its parent too."""

    name: str
    parent: str | None
    description: str
    count_unit: str
    usage_unit: str


def _make_family(count_unit: str, usage_unit: str, *members: tuple[str, str | None, str]) -> tuple[Category, ...]:
    return tuple(Category(name, parent, words, count_unit, usage_unit) for name, parent, words in members)


CATEGORIES: tuple[Category, ...] = (
    *_make_family(
        "calls",
        "minutes",
        ("calls", None, "Voice Minutes"),
        ("calls-inbound", "calls", "Inbound Voice Minutes"),
        ("calls-inbound-local", "calls-inbound", "Inbound Local Voice Minutes"),
        ("calls-inbound-mobile", "calls-inbound", "Inbound Mobile Voice Minutes"),
        ("calls-inbound-tollfree", "calls-inbound", "Inbound Toll Free Voice Minutes"),
        ("calls-outbound", "calls", "Outbound Voice Minutes"),
        ("calls-client", None, "Twilio Client Minutes"),
        ("calls-sip", None, "SIP Minutes"),
        ("calls-sip-inbound", "calls-sip", "Inbound SIP Minutes"),
        ("calls-sip-outbound", "calls-sip", "Outbound SIP Minutes"),
        ("answering-machine-detection", None, "Answering Machine Detection"),
    ),
    *_make_family(
        "messages",
        "messages",
        ("sms", None, "SMS"),
        ("sms-inbound", "sms", "Inbound SMS"),
        ("sms-inbound-longcode", "sms-inbound", "Inbound Long Code SMS"),
        ("sms-inbound-shortcode", "sms-inbound", "Short Code Inbound SMS"),
        ("sms-inbound-tollfree", "sms-inbound", "Inbound Toll Free SMS"),
        ("sms-outbound", "sms", "Outbound SMS"),
        ("sms-outbound-longcode", "sms-outbound", "Outbound Long Code SMS"),
        ("sms-outbound-shortcode", "sms-outbound", "Short Code Outbound SMS"),
        ("sms-outbound-tollfree", "sms-outbound", "Outbound Toll Free SMS"),
        ("sms-messages-carrierfees", None, "SMS Carrier Fees"),
        ("sms-mms-penalty-fees", None, "Penalty Fees"),
        ("mms", None, "MMS"),
        ("mms-inbound", "mms", "Inbound MMS"),
        ("mms-inbound-longcode", "mms-inbound", "Inbound Long Code MMS"),
        ("mms-inbound-shortcode", "mms-inbound", "Short Code Inbound MMS"),
        ("mms-outbound", "mms", "Outbound MMS"),
        ("mms-outbound-longcode", "mms-outbound", "Outbound Long Code MMS"),
        ("mms-outbound-shortcode", "mms-outbound", "Short Code Outbound MMS"),
        ("mms-messages-carrierfees", None, "MMS Carrier Fees"),
    ),
    *_make_family(
        "numbers",
        "numbers",
        ("phonenumbers", None, "Phone Numbers"),
        ("phonenumbers-local", "phonenumbers", "Local Phone Numbers"),
        ("phonenumbers-mobile", "phonenumbers", "Mobile Phone Numbers"),
        ("phonenumbers-tollfree", "phonenumbers", "Toll Free Phone Numbers"),
    ),
    *_make_family(
        "recordings",
        "minutes",
        ("recordings", None, "Recordings"),
        ("calls-recordings", "recordings", "Call Recordings"),
        ("trunking-recordings", "recordings", "Trunking Recordings"),
        ("recordingstorage", None, "Recording Storage"),
        ("transcriptions", None, "Transcriptions"),
    ),
    *_make_family(
        "lookups",
        "lookups",
        ("lookups", None, "Lookups"),
        ("calleridlookups", "lookups", "Caller Name Lookups"),
        ("carrier-lookups", "lookups", "Carrier Lookups"),
    ),
    *_make_family(
        "minutes",
        "minutes",
        ("trunking-origination", None, "Trunking Origination"),
        ("trunking-termination", None, "Trunking Termination"),
        ("pv", None, "Programmable Video"),
        ("pv-room-participants", "pv", "Video Room Participants"),
        ("pv-composition-minutes", "pv", "Video Composition Minutes"),
    ),
    Category("mediastorage", None, "Media Storage", "", "GB days"),
    Category(TOTAL, None, "Total Price", "", "usd"),
)

BY_NAME: dict[str, Category] = {category.name: category for category in CATEGORIES}
ALL_NAMES: dict[str, None] = dict.fromkeys(
    (*BY_NAME, *Path(__file__).with_name("usage-categories.txt").read_text(encoding="ascii").split())
)
"""Every category there is, those that are described here first: each has a row in usage records, used or not."""


def describe_category(name: str) -> Category:
    """A category of the list, or one that only its usage tells of."""
    return BY_NAME.get(name) or Category(name, None, name, "", "")


def list_counts(name: str) -> Iterator[str]:
    """The categories that grow when this one is used: itself, its parents and the total of prices."""
    if name != TOTAL:
        yield TOTAL
    category: Category | None = describe_category(name)
    while category is not None:
        yield category.name
        category = describe_category(category.parent) if category.parent else None
