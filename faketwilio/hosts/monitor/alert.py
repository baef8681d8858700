"""Monitor v1 Alerts: what went wrong in an account, read-only."""

from faketwilio.hosts.monitor.filters import KEPT, LONGEST, read_span
from faketwilio.hosts.monitor.records import Alert
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.errors import not_found
from faketwilio.wire.formats import format_iso
from faketwilio.wire.paging import build_meta_page

PERMISSION = "/twilio/monitor/alerts"
LEVELS = ("error", "warning", "notice", "debug")


def operations() -> tuple[Operation, ...]:
    return (
        Operation("GET", "/v1/Alerts", _list, f"{PERMISSION}/list"),
        Operation("GET", "/v1/Alerts/{Sid}", _fetch, f"{PERMISSION}/read"),
    )


def _list(call: Call) -> Answer:
    level, (first, last) = call.params.choice("LogLevel", LEVELS), read_span(call)
    found = [
        alert
        for alert in call.store.table(Alert).of(call.account.sid)
        if level in (None, alert.log_level) and first <= alert.date_created <= last
    ]
    return Answer(
        200,
        build_meta_page(call, "alerts", found[:LONGEST], lambda alert: alert.sid, lambda alert: _render(call, alert)),
    )


def _fetch(call: Call) -> Answer:
    alert = call.store.table(Alert).get(call.sid("Sid", "NO"))
    if alert is None or alert.account_sid != call.account.sid or alert.date_created < call.store.clock.now() - KEPT:
        raise not_found(call.path)
    only_here = {
        "request_variables": alert.request_variables,
        "request_headers": alert.request_headers,
        "response_headers": alert.response_headers,
        "response_body": alert.response_body,
    }
    return Answer(200, _render(call, alert) | only_here)


def _render(call: Call, alert: Alert) -> dict[str, object]:
    return {
        "account_sid": alert.account_sid,
        "alert_text": alert.alert_text,
        "api_version": "2010-04-01",
        "date_created": format_iso(alert.date_created),
        "date_generated": format_iso(alert.date_created),
        "date_updated": format_iso(alert.date_created),
        "error_code": alert.error_code,
        "log_level": alert.log_level,
        "more_info": f"https://www.twilio.com/docs/errors/{alert.error_code}",
        "request_method": alert.request_method,
        "request_url": alert.request_url,
        "resource_sid": alert.resource_sid,
        "service_sid": alert.service_sid,
        "sid": alert.sid,
        "url": f"https://{call.host}/v1/Alerts/{alert.sid}",
    }
