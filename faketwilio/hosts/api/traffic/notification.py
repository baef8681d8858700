"""v2010 Notifications, of an account or a call: listed and fetched, but never deleted."""

from faketwilio.hosts.api.archived import ROOT, find, never_deleted, render_common, uri
from faketwilio.hosts.api.archives import NOTIFICATIONS
from faketwilio.hosts.api.records import Notification
from faketwilio.store.archive import Where
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.dates import spans
from faketwilio.wire.errors import not_found
from faketwilio.wire.formats import format_rfc2822
from faketwilio.wire.paging import build_v2010_list

CALLS_PERMISSION = "/twilio/voice/calls.notifications"


def operations() -> tuple[Operation, ...]:
    list_path, item_path = f"{ROOT}/Notifications.json", f"{ROOT}/Notifications/{{Sid}}.json"
    calls = f"{ROOT}/Calls/{{CallSid}}/Notifications"
    return (
        *crud(list_path, item_path, None, list_=_list, fetch=_fetch),
        Operation("DELETE", item_path, never_deleted, is_built=False),
        Operation("GET", f"{calls}.json", _list, f"{CALLS_PERMISSION}/list"),
        Operation("GET", f"{calls}/{{Sid}}.json", _fetch, f"{CALLS_PERMISSION}/read"),
    )


def _list(call: Call) -> Answer:
    log = call.params.choice("Log", ("0", "1"))
    equals = _of_call(call) | ({"log": log} if log else {})
    where = Where(equals, spans(call, "MessageDate", "message_date"))
    found = call.store.archive(NOTIFICATIONS).find(call.account.sid, where)
    return Answer(
        200, build_v2010_list(call, "notifications", found, lambda notification: _render_item(call, notification))
    )


def _fetch(call: Call) -> Answer:
    notification = find(call, call.store.archive(NOTIFICATIONS), "NO")
    if _of_call(call).get("call_sid", notification.call_sid) != notification.call_sid:
        raise not_found(call.path)
    return Answer(200, _render_whole(call, notification))


def _of_call(call: Call) -> dict[str, str]:
    return {"call_sid": call.sid("CallSid", "CA")} if "CallSid" in call.names else {}


def _render_item(call: Call, notification: Notification) -> dict[str, object]:
    path = f"Notifications/{notification.sid}.json"
    return render_common(notification) | {
        "call_sid": notification.call_sid,
        "error_code": notification.error_code,
        "log": notification.log,
        "message_date": format_rfc2822(notification.message_date),
        "message_text": notification.message_text,
        "more_info": f"https://www.twilio.com/docs/errors/{notification.error_code}",
        "request_method": notification.request_method,
        "request_url": notification.request_url,
        "uri": uri(call, f"Calls/{notification.call_sid}/{path}" if "CallSid" in call.names else path),
    }


def _render_whole(call: Call, notification: Notification) -> dict[str, object]:
    return _render_item(call, notification) | {
        "request_variables": notification.request_variables,
        "response_body": notification.response_body,
        "response_headers": notification.response_headers,
    }
