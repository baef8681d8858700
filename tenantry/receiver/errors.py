"""Error events of Twilio, from Event Streams and from the Console's webhook: kept before they are answered."""

from tenantry.receiver.error_payloads import Reader
from tenantry.receiver.service import Service
from tenantry.receiver.signed import Signed
from tenantry.receiver.writer import Received


async def keep_errors(service: Service, signed: Signed, tenant: str, account_sid: str) -> int | None:
    """Keep the errors of a genuine request, and return how many are new once that is durable.

    None for a form that is no error: it is to be sent again. Raises NotDurableError.
    """
    settings = service.settings
    reader = Reader(settings.duty.parent, tenant, account_sid, service.time(), settings.keeps_personal)
    events = reader.read_events(signed.raw) if signed.fields is None else reader.read_form(signed.fields)
    if not events:
        return None if events is None else 0
    return await service.writer.write(Received(errors=events))
