"""Event Streams sinks on the wire: events.twilio.com/v1/Sinks, with the account's own credentials.

No path and no answer here names an account: the credentials decide. Only `Session.account` makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tenantry.model.event_sink import EventSinkSpec, SinkConfiguration
from tenantry.twilio.errors import doing
from tenantry.twilio.exact_list import read_records
from tenantry.twilio.live import Live, moment, read_spec
from tenantry.twilio.matching import Matching

if TYPE_CHECKING:
    from twilio.rest import Client

WEBHOOK = "webhook"


class EventSinks(Matching[EventSinkSpec]):
    """The webhook sinks of subaccounts."""

    def __init__(self, account: Callable[[str], Client]) -> None:
        self._account = account

    def list(self, account_sid: str) -> tuple[Live[EventSinkSpec], ...]:
        """Return the webhook sinks of an account; sinks of other types are not ours to see."""
        with doing(f"Listing the event sinks of account {account_sid}"):
            records = read_records(self._account(account_sid).events.v1, "Sinks", "sinks")
            return tuple(_read_live(account_sid, record) for record in records if record.sink_type == WEBHOOK)

    def fetch(self, account_sid: str, sid: str) -> Live[EventSinkSpec]:
        """Return one sink; raises NotFound."""
        with doing(f"Reading event sink {sid} in account {account_sid}"):
            return _read_live(account_sid, self._get_sinks(account_sid)(sid).fetch())

    def create(self, account_sid: str, spec: EventSinkSpec) -> Live[EventSinkSpec]:
        """Make a sink; a webhook sink is active at once."""
        with doing(f"Creating event sink '{spec.description}' in account {account_sid}"):
            record = self._get_sinks(account_sid).create(
                description=spec.description,
                sink_type=spec.sink_type,
                sink_configuration=spec.sink_configuration.model_dump(),
            )
            return _read_live(account_sid, record)

    def update(self, account_sid: str, sid: str, spec: EventSinkSpec) -> Live[EventSinkSpec]:
        """Change a sink's description; Twilio can't change anything else."""
        with doing(f"Updating event sink '{spec.description}' ({sid}) in account {account_sid}"):
            return _read_live(account_sid, self._get_sinks(account_sid)(sid).update(description=spec.description))

    def delete(self, account_sid: str, sid: str) -> None:
        """Delete a sink, which must have no subscription; raises NotFound."""
        with doing(f"Deleting event sink {sid} in account {account_sid}"):
            self._get_sinks(account_sid)(sid).delete()

    def _get_sinks(self, account_sid: str) -> Any:
        return self._account(account_sid).events.v1.sinks


def _read_live(account_sid: str, record: Any) -> Live[EventSinkSpec]:
    found = record.sink_configuration or {}
    configuration = read_spec(
        SinkConfiguration,
        destination=found.get("destination") or "",
        method=str(found.get("method") or "POST").upper(),  # reads back as "post"
        batch_events=found.get("batch_events") or False,
    )
    spec = read_spec(
        EventSinkSpec,
        account_sid=account_sid,
        description=record.description or "",
        sink_type=record.sink_type,
        sink_configuration=configuration,
    )
    return Live(record.sid, spec, created=moment(record.date_created), status=record.status)
