"""How Twilio writes dates (RFC 2822 on v2010 and IAM, ISO 8601 with Z everywhere else) and names of fields."""

import re
from datetime import datetime
from email.utils import format_datetime


def format_rfc2822(moment: datetime | None) -> str | None:
    """`Thu, 30 Jul 2015 20:00:00 +0000`."""
    return None if moment is None else format_datetime(moment)


def format_iso(moment: datetime | None) -> str | None:
    """`2015-07-30T20:00:00Z`: twilio-python parses nothing with fractions."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def snake(name: str) -> str:
    """The field `voice_url` of the parameter `VoiceUrl`."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
