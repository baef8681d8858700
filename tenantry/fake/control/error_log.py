"""Twilio logs an error, a warning or an information in an account."""

import re
from typing import Any

from tenantry.fake.control.order import Order
from tenantry.fake.monitor.error_log import LEVELS, log_error
from tenantry.fake.records import Alert
from tenantry.fake.store import Store

CODE = re.compile(r"\d{1,6}", re.ASCII)
DEFAULTS: dict[str, str] = {
    "level": "error",
    "error_code": "11200",
    "alert_text": "HTTP retrieval failure",
    "product_name": "Programmable Voice",
}
OPTIONAL = (
    "resource_sid",
    "service_sid",
    "request_method",
    "request_url",
    "request_variables",
    "request_headers",
    "response_headers",
    "response_body",
)


def report_error(store: Store, order: Order) -> Any:
    """Log it now: an alert for the Debugger, and an event for each sink that subscribed to it."""
    account_sid = order.get("account")
    if not isinstance(account_sid, str) or store.account(account_sid) is None:
        raise LookupError(f"no account {account_sid!r} to log an error in")
    values = DEFAULTS | {name: value for name, value in order.items() if name != "account"}
    _refuse(values)
    level, product = values.pop("level"), values.pop("product_name")
    now = store.clock.now()
    alert = Alert(store.sids.sid("NO"), account_sid, LEVELS[level], date_created=now, **values)
    return {"alert": alert.sid, "events": log_error(store, alert, level, product)}


def _refuse(values: Order) -> None:
    if unknown := set(values) - {*DEFAULTS, *OPTIONAL}:
        raise ValueError(f"no {', '.join(sorted(unknown))} in an error; there are {', '.join((*DEFAULTS, *OPTIONAL))}")
    if wrong := [name for name, value in values.items() if not isinstance(value, str)]:
        raise ValueError(f"{', '.join(wrong)} of an error is text")
    if values["level"] not in LEVELS or not CODE.fullmatch(values["error_code"]):
        raise ValueError(f"an error has a level of {', '.join(LEVELS)} and a code of up to six digits")
