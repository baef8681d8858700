"""An order to the control plane: JSON in, JSON out, one sentence for what can't be done."""

import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tenantry.fake.store import Store

Order = dict[str, Any]
Act = Callable[[Store, Order], Any]
"""What an order does; its answer is JSON, or an awaitable of it. ValueError is answered 400, LookupError 404."""


def endpoint(store: Store, act: Act) -> Callable[[Request], Awaitable[Response]]:
    """The handler of one route of the control plane."""

    async def _answer(request: Request) -> Response:
        body = await request.body()
        try:
            answer = act(store, _order(body))
            return JSONResponse(await answer if inspect.isawaitable(answer) else answer)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        except LookupError as error:
            return JSONResponse({"error": str(error)}, 404)

    return _answer


def _order(body: bytes) -> Order:
    order = json.loads(body) if body else {}
    if not isinstance(order, dict):
        raise ValueError(f"a JSON object is expected, not {order!r}")  # noqa: TRY004 - one kind of refusal
    return order
