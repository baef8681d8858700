"""From an HTTP request to an operation and back: authenticate, authorise, handle, answer."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from faketwilio.hosts.registry import list_known_operations
from faketwilio.store.store import Store
from faketwilio.wire.auth import authenticate, authorize, find_account_in_path, require_bearer
from faketwilio.wire.call import Answer, Call, Caller, Operation
from faketwilio.wire.errors import NotBuiltError, TwilioError
from faketwilio.wire.forms import Form, parse
from faketwilio.wire.paths import Found

FORM_TYPE = "application/x-www-form-urlencoded"
UNKNOWN_METHODS = frozenset({"HEAD", "OPTIONS"})


def answer(store: Store, host: str, found: Found, request: Request, body: bytes) -> Response:
    """Do what is asked. There is no await in it, so requests change the store one after another."""
    try:
        return _build_response(_perform(store, host, _find_operation(found, request), found.names, request, body))
    except TwilioError as error:
        return build_error_response(error)
    except NotBuiltError as error:
        return build_not_built_response(str(error))


def build_error_response(error: TwilioError) -> JSONResponse:
    challenge = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if error.status == 401 else None
    return JSONResponse(error.body(), error.status, headers=challenge)


def build_not_built_response(what: str) -> JSONResponse:
    """The loud answer: this fake does not know that, and here is all it does know."""
    body = {
        "code": 501,
        "message": f"The fake Twilio can't answer this: {what}. 'known' lists all it can.",
        "status": 501,
        "known": list_known_operations(),
    }
    return JSONResponse(body, 501)


def _find_operation(found: Found, request: Request) -> Operation:
    if request.method in UNKNOWN_METHODS:
        raise NotBuiltError(f"nobody could find out what Twilio answers to {request.method} {request.scope['path']}")
    if request.method not in found.by_method:
        raise TwilioError(405, 20004, "Method not allowed")
    return found.by_method[request.method]


def _perform(
    store: Store, host: str, operation: Operation, names: Mapping[str, str], request: Request, body: bytes
) -> Answer:
    if operation.needs_bearer:
        require_bearer(store, request.headers.get("authorization"))
    if operation.is_public or operation.needs_bearer:
        caller = Caller(store.parent, None)
    else:
        caller = authenticate(store, request.headers.get("authorization"), operation)
    in_path, path = names.get("AccountSid"), request.scope["path"]
    # A standard key does not even reach Accounts and Keys of its own account, whatever the path names.
    authorize(caller, operation)
    account = find_account_in_path(store, caller, operation, in_path, path) if in_path is not None else None
    params = _read_params(operation, request, body)
    return operation.handle(Call(store, caller, host, path, names, params, account))


def _read_params(operation: Operation, request: Request, body: bytes) -> Form:
    if operation.method != "POST":
        return parse(request.scope["query_string"])
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != FORM_TYPE:
        raise TwilioError(400, 20001, f"The body is not {FORM_TYPE}")
    return parse(body)


def _build_response(answer: Answer) -> Response:
    return Response(status_code=answer.status) if answer.body is None else JSONResponse(answer.body, answer.status)
