"""Twilio logs an error in an account: the Debugger has an alert, and the sinks that subscribed get an event.

The fields of the event are those of twilio.com/docs/events/event-types/errors/error-logs (schema ErrorLogs.Error/2).
"""

import json
from typing import Any

from faketwilio.hosts.events.emission import emit
from faketwilio.hosts.monitor.records import Alert
from faketwilio.store.store import Store

TYPE = "com.twilio.error-logs.error.logged"
LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
"""How a level of the event reads as one of the Debugger's, which has no info."""


def log_error(store: Store, alert: Alert, level: str, product: str, *, but_not: str | None = None) -> int:
    """Note an alert and tell the sinks of its account, but not one of them; returns how many were told."""
    store.table(Alert).put(alert)
    account = store.accounts.get(alert.account_sid)
    data = {
        "sid": alert.sid,
        "account_sid": alert.account_sid,
        "date_created": alert.date_created.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "level": level.upper(),
        "master_account_sid": account.owner_sid if account else alert.account_sid,
        "request_sid": store.request_sids.sid("RQ"),
        "correlation_sid": store.request_sids.sid("ZE"),
        "product_name": product,
        "error_code": alert.error_code,
        "payload": json.dumps(_build_payload(alert)),
    }
    if alert.service_sid is not None:
        data["service_sid"] = alert.service_sid
    return emit(store, alert.account_sid, TYPE, alert.sid, data, but_not=but_not)


def _build_payload(alert: Alert) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "resource_sid": alert.resource_sid,
        "service_sid": alert.service_sid,
        "error_code": alert.error_code,
        "more_info": {"Msg": alert.alert_text, "ErrorCode": alert.error_code, "LogLevel": alert.log_level.upper()},
    }
    if alert.request_url is not None:
        request = {"method": alert.request_method, "url": alert.request_url, "parameters": alert.request_variables}
        response = {"headers": alert.response_headers, "body": alert.response_body}
        payload["webhook"] = {"type": "application/json", "request": request, "response": response}
    return payload
