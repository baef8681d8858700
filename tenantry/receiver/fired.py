"""A usage trigger's callback as an event: strict with what is stored, lenient with what is odd."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

from tenantry.ledger.cap_events import SHADOW, NewCapEvent
from tenantry.model.cap_period import event_identity
from tenantry.text.sids import DIGITS

_AMOUNT = re.compile(r"\d{1,20}(\.\d{1,12})?")
_TRIGGER = re.compile(f"UT{DIGITS}")
_LONGEST = 100
_OURS = ("daily", "monthly", "yearly")


def event_of(fields: Mapping[str, list[str]], parent: str, now: datetime, *, shadow: bool) -> NewCapEvent | None:
    """Return what a callback says; None where it is not about a trigger that fired."""
    sid = _text(fields, "UsageTriggerSid")
    if not _TRIGGER.fullmatch(sid):
        return None
    recurring = _text(fields, "Recurring")
    fired = _instant(_text(fields, "DateFired")) or now
    recurring = recurring if recurring in _OURS else "alltime"
    value = _amount(_text(fields, "TriggerValue"))
    return NewCapEvent(
        identity=f"{SHADOW if shadow else ''}{event_identity(sid, recurring, fired)}",
        parent=parent,
        account_sid=_text(fields, "AccountSid"),
        trigger_sid=sid,
        category=_text(fields, "UsageCategory"),
        trigger_by=_text(fields, "TriggerBy"),
        trigger_value=value,
        recurring=recurring,
        current_value=_amount(_text(fields, "CurrentValue")) or value,
        fired_at=fired,
        source="callback",
    )


def _text(fields: Mapping[str, list[str]], name: str) -> str:
    return fields.get(name, [""])[0].replace("\0", "")[:_LONGEST]


def _amount(text: str) -> Decimal:
    return Decimal(text) if _AMOUNT.fullmatch(text) else Decimal(0)


def _instant(text: str) -> datetime | None:
    """Return a date as Twilio writes it, RFC 2822 or ISO 8601; None for anything else."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            instant = read(text)
        except (ValueError, TypeError):
            continue
        return instant.replace(tzinfo=instant.tzinfo or UTC)
    return None
