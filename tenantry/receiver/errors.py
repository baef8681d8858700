"""Error events of Twilio, from Event Streams and from the Console's webhook: kept before they are answered."""

from functools import partial

from tenantry.ledger.error_events import insert_errors
from tenantry.model.tenant_standing import TenantStanding
from tenantry.receiver.error_payloads import Reader
from tenantry.receiver.service import Service

FORM = "application/x-www-form-urlencoded"


async def keep_errors(service: Service, tenant: TenantStanding, body: bytes, content_type: str) -> int | None:
    """Keep the errors of a genuine request, and return how many are new once that is durable.

    None for a form that is no error: it is to be sent again. Raises NotDurableError.
    """
    settings = service.settings
    reader = Reader(settings.duty.parent, tenant, service.time(), settings.keeps_personal)
    is_form = content_type.partition(";")[0].strip().lower() == FORM
    events = reader.read_form(body) if is_form else reader.read_events(body)
    if not events:
        return None if events is None else 0
    return await service.writer.write(partial(insert_errors, events=events))
