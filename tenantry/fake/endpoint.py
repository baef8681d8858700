"""From an HTTP request to an operation and back: authenticate, authorise, handle, answer."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tenantry.fake.auth import account_in_path, authenticate, authorize
from tenantry.fake.call import Answer, Call, Caller, Operation
from tenantry.fake.errors import NotBuiltError, TwilioError
from tenantry.fake.forms import Form, parse
from tenantry.fake.hosts import known_operations
from tenantry.fake.store import Store

FORM_TYPE = "application/x-www-form-urlencoded"


def endpoint(store: Store, host: str, by_method: Mapping[str, Operation]) -> Callable[[Request], Awaitable[Response]]:
    """The handler of one path; a method that it has not is Twilio's 20004."""

    async def _answer(request: Request) -> Response:
        body = await request.body()
        # No await from here on, so that requests change the store one after another.
        try:
            return _response(_perform(store, host, _operation(by_method, request.method), request, body))
        except TwilioError as error:
            return error_response(error)
        except NotBuiltError as error:
            return not_built(str(error))

    return _answer


def error_response(error: TwilioError) -> JSONResponse:
    challenge = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if error.status == 401 else None
    return JSONResponse(error.body(), error.status, headers=challenge)


def not_built(what: str) -> JSONResponse:
    """The loud answer: this fake does not know that, and here is all it does know."""
    body = {
        "code": 501,
        "message": f"The fake Twilio can't answer this: {what}. 'known' lists all it can.",
        "status": 501,
        "known": known_operations(),
    }
    return JSONResponse(body, 501)


def _operation(by_method: Mapping[str, Operation], method: str) -> Operation:
    if method not in by_method:
        raise TwilioError(405, 20004, "Method not allowed")
    return by_method[method]


def _perform(store: Store, host: str, operation: Operation, request: Request, body: bytes) -> Answer:
    if operation.is_public:
        caller = Caller(store.parent, None)
    else:
        caller = authenticate(store, request.headers.get("authorization"), operation)
    names, path = request.path_params, request.scope["path"]
    in_path = names.get("AccountSid")
    # A standard key does not even reach Accounts and Keys of its own account, whatever the path names.
    authorize(caller, operation)
    account = account_in_path(store, caller, operation, in_path, path) if in_path is not None else None
    params = _params(operation, request, body)
    return operation.handle(Call(store, caller, host, path, names, params, account))


def _params(operation: Operation, request: Request, body: bytes) -> Form:
    if operation.method != "POST":
        return parse(request.scope["query_string"])
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != FORM_TYPE:
        raise TwilioError(400, 20001, f"The body is not {FORM_TYPE}")
    return parse(body)


def _response(answer: Answer) -> Response:
    return Response(status_code=answer.status) if answer.body is None else JSONResponse(answer.body, answer.status)
