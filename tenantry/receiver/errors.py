"""Error events of Twilio, from Event Streams and from the Console's webhook. Nobody keeps them yet: see issue 18."""

from tenantry.model.tenant_standing import TenantStanding
from tenantry.receiver.service import Service


async def keep_errors(_service: Service, _tenant: TenantStanding, _body: bytes, _content_type: str) -> bool:
    """Keep what a genuine request tells of errors; return whether it is durable, else it is to be sent again."""
    return False
