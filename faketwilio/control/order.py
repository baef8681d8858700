"""An order to the control plane: JSON in, JSON out, one sentence for what can't be done."""

import inspect
import json
from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from faketwilio.store.store import Store
from faketwilio.wire.forms import refuse_constant

Order = dict[str, Any]
Act = Callable[[Store, Order], Any]
"""What an order does; its answer is JSON, or an awaitable of it. ValueError is answered 400, LookupError 404."""


async def perform(store: Store, act: Act, body: bytes) -> JSONResponse:
    """Do what is ordered."""
    try:
        answer = act(store, _order(body))
        return JSONResponse(await answer if inspect.isawaitable(answer) else answer)
    except ValueError as error:
        return JSONResponse({"error": str(error)}, 400)
    except LookupError as error:
        return JSONResponse({"error": str(error)}, 404)


def refuse_act(request: Request, known: Sequence[str]) -> JSONResponse:
    """The answer to what is no act: 404, and the acts there are."""
    error = f"no act {request.method} {request.scope['path']}; there are {', '.join(known)}"
    return JSONResponse({"error": error}, 404)


def _order(body: bytes) -> Order:
    try:
        order = json.loads(body or b"{}", parse_constant=refuse_constant)
        json.dumps(order, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the body is no JSON: {error}") from error
    if not isinstance(order, dict):
        raise ValueError(f"a JSON object is expected, not {type(order).__name__}")  # noqa: TRY004 - one kind of refusal
    return order
