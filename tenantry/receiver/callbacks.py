"""What Twilio calls: a request is checked against the configured URL and the account's token, written, then answered.

403 only where it is certain that a request is forged. Everything that is our own trouble, or not known yet, is 503:
Event Streams drops an event at 4xx, and usage triggers are tried again at 5xx alone.
"""

from functools import partial
from time import monotonic

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tenantry.ledger.error_events import NO_TENANT
from tenantry.receiver.body import BodyError, read_body
from tenantry.receiver.error_payloads import CONSOLE_FIELDS
from tenantry.receiver.errors import keep_errors
from tenantry.receiver.fair_queue import CrowdedError
from tenantry.receiver.fired import event_of
from tenantry.receiver.index import Recipient, url_below
from tenantry.receiver.service import Service
from tenantry.receiver.signed import Signed
from tenantry.receiver.tokens import Verdict
from tenantry.receiver.writer import NotDurableError, Received
from tenantry.telemetry.recorder import record_request
from tenantry.twilio.webhook_signature import HEADER

RETRY_AFTER = "5"


async def answer_callback(request: Request) -> Response:
    """Answer a request of Twilio."""
    service: Service = request.app.state.service
    began = monotonic()
    outcome, response = await _receive(service, request, began)
    seconds = monotonic() - began
    service.metrics.requests.labels(outcome).inc()
    service.metrics.seconds.observe(seconds)
    record_request(service.index.kind_of(_target(request)[0]), request.method, response.status_code, seconds)
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
    signed = Signed(request.method, path, query, request.headers.get("content-type", ""), signature, body)
    try:
        await service.queue.enter(signed.account)
        fields = signed.fields
    except CrowdedError:
        return _put_off("crowded")
    except ValueError:
        return _refuse("malformed", 403)
    try:
        if fields is not None and "AccountSid" in fields:
            return await _receive_form(service, signed, fields["AccountSid"], arrived)
        return await _receive_events(service, signed, arrived)
    except NotDurableError:
        return _put_off("not_durable")


async def _receive_form(service: Service, signed: Signed, accounts: list[str], arrived: float) -> tuple[str, Response]:
    """Receive a form, or the query of a GET, which names its account; raises NotDurableError."""
    if len(accounts) != 1:
        return _refuse("malformed", 403)
    account_sid = accounts[0]
    tenant = service.index.by_account.get(account_sid)
    verdict = Verdict.UNKNOWN
    is_known = tenant is not None and any(signed.urls(tenant))
    if tenant is not None and is_known:
        verdict = await _judge(service, signed, tenant, arrived)
        if verdict is Verdict.GENUINE:
            return await _keep_form(service, signed, tenant)
    if signed.fields is not None and signed.fields.keys() >= CONSOLE_FIELDS:
        return await _receive_of_parent(service, signed, account_sid, arrived, verdict)
    if not is_known:
        return _put_off("unknown")
    return _refuse("forged", 403) if verdict is Verdict.FORGED else _put_off("unproved")


async def _keep_form(service: Service, signed: Signed, tenant: Recipient) -> tuple[str, Response]:
    """Keep a genuine form: a usage trigger that fired, or an error that the Console's webhook reports."""
    settings = service.settings
    event = event_of(signed.fields or {}, settings.duty.parent, service.time(), shadow=settings.shadow)
    if event is None:
        return await _keep_errors(service, signed, tenant.tenant, tenant.account_sid)
    count = await service.writer.write(Received(events=(event,)))
    if count:
        service.jobs.wake("decide")
    return _accept(count)


async def _receive_of_parent(
    service: Service, signed: Signed, account_sid: str, arrived: float, verdict: Verdict
) -> tuple[str, Response]:
    """Receive an error of the webhook that the parent account has in the Console, at any path below `webhooks`.

    Its token signs. It may be of the parent account itself, or of an account below it, of a tenant or of none;
    `verdict` is what the token of that account says.
    """
    parent, webhooks = service.settings.duty.parent, service.settings.duty.place.stack.webhooks
    url = url_below(webhooks, signed.path, signed.query)
    if url is None:
        return _put_off("unknown")
    of_parent = await service.tokens.judge(parent, arrived, lambda token: signed.is_by(token, [url]))
    if of_parent is Verdict.GENUINE:
        tenant = service.index.by_account.get(account_sid)
        return await _keep_errors(service, signed, tenant.tenant if tenant else NO_TENANT, account_sid)
    is_forged = of_parent is Verdict.FORGED and (account_sid == parent or verdict is Verdict.FORGED)
    return _refuse("forged", 403) if is_forged else _put_off("unproved")


async def _receive_events(service: Service, signed: Signed, arrived: float) -> tuple[str, Response]:
    """Receive events of a sink, whose tenant its path names; raises NotDurableError."""
    tenants = service.index.find_error_tenants(signed.path, signed.raw)
    if not tenants:
        return _put_off("unknown")
    verdicts = []
    for tenant in tenants:
        verdict = await _judge(service, signed, tenant, arrived)
        if verdict is Verdict.GENUINE:
            return await _keep_errors(service, signed, tenant.tenant, tenant.account_sid)
        verdicts.append(verdict)
    is_forged = all(verdict is Verdict.FORGED for verdict in verdicts)
    return _refuse("forged", 403) if is_forged else _put_off("unproved")


async def _judge(service: Service, signed: Signed, tenant: Recipient, arrived: float) -> Verdict:
    is_signed = partial(signed.is_by, urls=tuple(signed.urls(tenant)))
    return await service.tokens.judge(tenant.account_sid, arrived, is_signed)


async def _keep_errors(service: Service, signed: Signed, tenant: str, account_sid: str) -> tuple[str, Response]:
    count = await keep_errors(service, signed, tenant, account_sid)
    return _put_off("unreadable") if count is None else _accept(count)


def _target(request: Request) -> tuple[str, str]:
    """Return path and query as they came, without any decoding; a prefix that a proxy took away is put back."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.decode("latin-1"), request.scope["query_string"].decode("latin-1")


def _accept(count: int) -> tuple[str, Response]:
    return "accepted" if count else "repeated", Response(status_code=204)


def _refuse(outcome: str, status: int) -> tuple[str, Response]:
    return outcome, PlainTextResponse(f"{outcome.replace('_', ' ')}\n", status)


def _put_off(outcome: str) -> tuple[str, Response]:
    text = f"{outcome.replace('_', ' ')}; send it again\n"
    return outcome, PlainTextResponse(text, 503, {"Retry-After": RETRY_AFTER})
