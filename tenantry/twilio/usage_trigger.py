"""Usage triggers on the wire: /2010-04-01/Accounts/{account}/Usage/Triggers, with the parent's credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from twilio.base import values

from tenantry.model.spec import decimal_text
from tenantry.model.usage_trigger import UsageTriggerSpec
from tenantry.twilio.errors import doing
from tenantry.twilio.exact_list import Record, read_records
from tenantry.twilio.live import Live, moment, read_spec, require_account
from tenantry.twilio.matching import Matching

if TYPE_CHECKING:
    from twilio.rest import Client


@dataclass(frozen=True)
class TriggerReading:
    """A trigger, what it has counted in its period, and when it fired last."""

    sid: str
    category: str
    trigger_by: str
    recurring: str
    """daily, monthly, yearly or alltime."""
    trigger_value: Decimal
    current_value: Decimal
    fired: datetime | None


class UsageTriggers(Matching[UsageTriggerSpec]):
    """The usage triggers of subaccounts."""

    def __init__(self, parent: Client) -> None:
        self._parent = parent

    def list(self, account_sid: str) -> tuple[Live[UsageTriggerSpec], ...]:
        """Return all triggers of an account."""
        with doing(f"Listing the usage triggers of account {account_sid}"):
            return tuple(_live(account_sid, record) for record in self._list(account_sid))

    def readings(self, account_sid: str) -> tuple[TriggerReading, ...]:
        """Return what all triggers of an account have counted, and when they fired last."""
        with doing(f"Reading the usage triggers of account {account_sid}"):
            return tuple(_reading(account_sid, record) for record in self._list(account_sid))

    def fetch(self, account_sid: str, sid: str) -> Live[UsageTriggerSpec]:
        """Return one trigger; raises NotFound."""
        with doing(f"Reading usage trigger {sid} in account {account_sid}"):
            return _live(account_sid, self._triggers(account_sid)(sid).fetch())

    def create(self, account_sid: str, spec: UsageTriggerSpec) -> Live[UsageTriggerSpec]:
        """Make a trigger."""
        with doing(f"Creating usage trigger '{spec.friendly_name}' in account {account_sid}"):
            record = self._triggers(account_sid).create(
                friendly_name=spec.friendly_name,
                usage_category=spec.usage_category,
                trigger_by=spec.trigger_by,
                trigger_value=decimal_text(spec.trigger_value),
                recurring=spec.recurring or values.unset,
                callback_url=spec.callback_url,
                callback_method=spec.callback_method,
            )
            return _live(account_sid, record)

    def update(self, account_sid: str, sid: str, spec: UsageTriggerSpec) -> Live[UsageTriggerSpec]:
        """Change a trigger's name, URL and method; Twilio can't change anything else."""
        with doing(f"Updating usage trigger '{spec.friendly_name}' ({sid}) in account {account_sid}"):
            record = self._triggers(account_sid)(sid).update(
                friendly_name=spec.friendly_name,
                callback_url=spec.callback_url,
                callback_method=spec.callback_method,
            )
            return _live(account_sid, record)

    def delete(self, account_sid: str, sid: str) -> None:
        """Delete a trigger; raises NotFound."""
        with doing(f"Deleting usage trigger {sid} in account {account_sid}"):
            self._triggers(account_sid)(sid).delete()

    def _list(self, account_sid: str) -> tuple[Record, ...]:
        path = f"Accounts/{account_sid}/Usage/Triggers.json"
        return read_records(self._parent.api.v2010, path, "usage_triggers")

    def _triggers(self, account_sid: str) -> Any:
        return self._parent.api.v2010.accounts(account_sid).usage.triggers


def _live(account_sid: str, record: Any) -> Live[UsageTriggerSpec]:
    require_account(record.account_sid, account_sid)
    spec = read_spec(
        UsageTriggerSpec,
        account_sid=account_sid,
        friendly_name=record.friendly_name or "",
        usage_category=record.usage_category or "",
        trigger_by=record.trigger_by or "usage",
        trigger_value=Decimal(str(record.trigger_value or 0)),  # "1000.000000" for what was sent as 1000
        recurring=None if record.recurring in (None, "", "alltime") else record.recurring,
        callback_url=record.callback_url or "",
        callback_method=(record.callback_method or "POST").upper(),
    )
    return Live(record.sid, spec, created=moment(record.date_created))


def _reading(account_sid: str, record: Any) -> TriggerReading:
    require_account(record.account_sid, account_sid)
    return TriggerReading(
        sid=record.sid,
        category=record.usage_category or "",
        trigger_by=record.trigger_by or "usage",
        recurring=record.recurring or "alltime",
        trigger_value=Decimal(str(record.trigger_value or 0)),
        current_value=Decimal(str(record.current_value or 0)),
        fired=moment(record.date_fired),
    )
