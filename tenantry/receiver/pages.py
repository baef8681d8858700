"""What people may read of a receiver: the operators' page, and a customer's usage. Each needs a token.

The page takes its token as the password of HTTP Basic, which browsers ask for without a script, or as a bearer token.
The token of a tenant is HMAC-SHA-256 of `usage:` and its slug under a secret, so that none has to be stored.
"""

import asyncio
import binascii
import hashlib
import hmac
from base64 import b64decode
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from tenantry.ledger.errors import LedgerError
from tenantry.operations.overview.gather import gather_customer_caps, gather_overview
from tenantry.receiver.service import Service
from tenantry.reports.overview.as_html import as_html
from tenantry.reports.overview.as_json import as_json

PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


async def show_overview(request: Request) -> Response:
    """Answer with the operators' page."""
    service: Service = request.app.state.service
    tokens = service.settings.page_tokens
    if not tokens:
        return PlainTextResponse("not found\n", 404)
    if not _is_any(_find_token(request), tokens):
        challenge = {"WWW-Authenticate": 'Basic realm="Tenantry", charset="UTF-8"'}
        return PlainTextResponse("a token is needed\n", 401, PRIVATE | challenge)
    try:
        return HTMLResponse(await asyncio.to_thread(_render_overview, service), headers=PRIVATE)
    except LedgerError as error:
        return PlainTextResponse(f"{error}\n", 503, PRIVATE)


async def show_usage(request: Request) -> Response:
    """Answer with what a customer used of its caps."""
    service: Service = request.app.state.service
    slug, secrets = request.path_params["slug"], service.settings.usage_secrets
    if not secrets:
        return PlainTextResponse("not found\n", 404)
    if not _is_any(_find_token(request), [token_of(secret, slug) for secret in secrets]):
        return PlainTextResponse("the tenant's token is needed\n", 401, PRIVATE | {"WWW-Authenticate": "Bearer"})
    try:
        text = await asyncio.to_thread(_render_usage, service, slug)
    except LedgerError:
        return PlainTextResponse("not available now\n", 503, PRIVATE)
    if text is None:
        return PlainTextResponse("not found\n", 404, PRIVATE)
    return Response(text, media_type="application/json", headers=PRIVATE)


def token_of(secret: str, slug: str) -> str:
    """Return the token of a tenant."""
    return hmac.new(secret.encode(), f"usage:{slug}".encode(), hashlib.sha256).hexdigest()


def _render_overview(service: Service) -> str:
    duty = service.settings.duty
    with duty.open_ledger() as ledger:
        return as_html(gather_overview(ledger, duty.parent, duty.place.stack.name or ""))


def _render_usage(service: Service, slug: str) -> str | None:
    duty = service.settings.duty
    with duty.open_ledger() as ledger:
        caps = gather_customer_caps(ledger, duty.parent, slug)
    return as_json(caps) if caps else None


def _find_token(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(value.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _is_any(presented: str, tokens: Sequence[str]) -> bool:
    """Compare with each token in the same time, whatever is right of it."""
    found = [hmac.compare_digest(presented.encode(), token.encode()) for token in tokens]
    return bool(presented) and any(found)
