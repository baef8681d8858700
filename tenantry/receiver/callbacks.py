"""What Twilio calls: a request is checked against the configured URL and the account's token, written, then answered.

403 only where it is certain that a request is forged. Everything that is our own trouble, or not known yet, is 503:
Event Streams drops an event at 4xx, and usage triggers are tried again at 5xx alone.
"""

from collections.abc import Iterator
from functools import partial
from time import monotonic
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tenantry.ledger.cap_events import insert_events
from tenantry.model.tenant_standing import TenantStanding
from tenantry.receiver.body import BodyError, read_body
from tenantry.receiver.errors import FORM, keep_errors
from tenantry.receiver.fired import event_of
from tenantry.receiver.index import public_urls
from tenantry.receiver.service import Service
from tenantry.receiver.tokens import Verdict
from tenantry.receiver.writer import NotDurableError
from tenantry.twilio.webhook_signature import HEADER, Form, form_of, is_signed

RETRY_AFTER = "5"
MOST_SHARING = 20
"""Tenants that may share a path for errors, which differ by their tokens alone."""
MOST_FIELDS = 100


async def receive(request: Request) -> Response:
    """Answer a request of Twilio."""
    service: Service = request.app.state.service
    began = monotonic()
    outcome, response = await _receive(service, request, began)
    service.metrics.requests.labels(outcome).inc()
    service.metrics.seconds.observe(monotonic() - began)
    return response


async def _receive(service: Service, request: Request, arrived: float) -> tuple[str, Response]:
    signature = request.headers.get(HEADER, "")
    path, query = _target(request)
    if not signature:
        return _refuse("unsigned", 403 if path in service.index.paths else 404)
    try:
        body = await read_body(request, service.settings.body_seconds)
    except BodyError as error:
        return _refuse(str(error).replace(" ", "_"), error.status)
    try:
        form = _form(request, body, query)
    except ValueError:
        return _refuse("malformed", 403)
    signed = _Signed(path, query, signature, None if request.method == "GET" else form, body)
    if form is not None and "AccountSid" in form:
        return await _receive_form(service, signed, form, arrived)
    return await _receive_events(service, signed, arrived, request.headers.get("content-type", ""))


class _Signed:
    """What a signature is about."""

    def __init__(self, path: str, query: str, signature: str, form: Form | None, body: bytes) -> None:
        self.path, self.query, self.signature, self.form = path, query, signature, form
        self.raw = body
        self.body = body.decode("utf-8", "replace")  # a body that is no UTF-8 has another hash then

    def is_by(self, tenant: TenantStanding, token: str) -> bool:
        """Return whether a token signed it, for one of the URLs that are configured for its tenant."""
        return any(is_signed(token, url, self.signature, form=self.form, body=self.body) for url in self.urls(tenant))

    def urls(self, tenant: TenantStanding) -> Iterator[str]:
        """Yield the URLs that Twilio may have signed."""
        for configured in tenant.callback_urls:
            yield from public_urls(configured, self.path, self.query)


async def _receive_form(service: Service, signed: _Signed, form: Form, arrived: float) -> tuple[str, Response]:
    """Receive a form, or the query of a GET, which names its account."""
    if len(form["AccountSid"]) != 1:
        return _refuse("malformed", 403)
    account_sid = form["AccountSid"][0]
    tenant = service.index.by_account.get(account_sid)
    if tenant is None or not any(signed.urls(tenant)):
        return _put_off("unknown")
    verdict = await service.tokens.judge(account_sid, arrived, partial(signed.is_by, tenant))
    if verdict is not Verdict.GENUINE:
        return _refuse("forged", 403) if verdict is Verdict.FORGED else _put_off("unproved")
    event = event_of(form, service.settings.duty.parent, service.time(), shadow=service.settings.shadow)
    if event is None:
        return await _keep_errors(service, tenant, signed, FORM)
    try:
        count = await service.writer.write(partial(insert_events, events=[event]))
    except NotDurableError:
        return _put_off("not_durable")
    if count:
        service.jobs.wake("decide")
    return "accepted" if count else "repeated", Response(status_code=204)


async def _receive_events(service: Service, signed: _Signed, arrived: float, content_type: str) -> tuple[str, Response]:
    """Receive events of a sink, whose tenant its path names."""
    tenants = service.index.find_error_tenants(signed.path)
    if not tenants or len(tenants) > MOST_SHARING:
        return _put_off("unknown")
    verdicts = []
    for tenant in tenants:
        verdict = await service.tokens.judge(tenant.account_sid, arrived, partial(signed.is_by, tenant))
        if verdict is Verdict.GENUINE:
            return await _keep_errors(service, tenant, signed, content_type)
        verdicts.append(verdict)
    is_forged = all(verdict is Verdict.FORGED for verdict in verdicts)
    return _refuse("forged", 403) if is_forged else _put_off("unproved")


async def _keep_errors(
    service: Service, tenant: TenantStanding, signed: _Signed, content_type: str
) -> tuple[str, Response]:
    try:
        count = await keep_errors(service, tenant, signed.raw, content_type)
    except NotDurableError:
        return _put_off("not_durable")
    if count is None:
        return _put_off("unreadable")
    return "accepted" if count else "repeated", Response(status_code=204)


def _form(request: Request, body: bytes, query: str) -> Form | None:
    """Return the fields of a form, or of a GET's query; None for JSON. Raises ValueError for too many fields."""
    if request.method == "GET":
        return form_of(parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return None
    text = body.decode("utf-8", "replace")
    return form_of(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))


def _target(request: Request) -> tuple[str, str]:
    """Return path and query as they came, without any decoding; a prefix that a proxy took away is put back."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.decode("latin-1"), request.scope["query_string"].decode("latin-1")


def _refuse(outcome: str, status: int) -> tuple[str, Response]:
    return outcome, PlainTextResponse(f"{outcome.replace('_', ' ')}\n", status)


def _put_off(outcome: str) -> tuple[str, Response]:
    text = f"{outcome.replace('_', ' ')}; send it again\n"
    return outcome, PlainTextResponse(text, 503, {"Retry-After": RETRY_AFTER})
