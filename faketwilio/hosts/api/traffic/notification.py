"""v2010 Notifications, of an account or a call: listed and fetched, but never deleted."""

from faketwilio.hosts.api.archived import ROOT, common_json, find, never_deleted, uri
from faketwilio.hosts.api.archives import NOTIFICATIONS
from faketwilio.hosts.api.records import Notification
from faketwilio.store.archive import Where
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.dates import spans
from faketwilio.wire.errors import not_found
from faketwilio.wire.formats import rfc2822
from faketwilio.wire.paging import v2010_list

CALLS_PERMISSION = "/twilio/voice/calls.notifications"


def operations() -> tuple[Operation, ...]:
    many, one = f"{ROOT}/Notifications.json", f"{ROOT}/Notifications/{{Sid}}.json"
    calls = f"{ROOT}/Calls/{{CallSid}}/Notifications"
    return (
        *crud(many, one, None, list_=_list, fetch=_fetch),
        Operation("DELETE", one, never_deleted, is_built=False),
        Operation("GET", f"{calls}.json", _list, f"{CALLS_PERMISSION}/list"),
        Operation("GET", f"{calls}/{{Sid}}.json", _fetch, f"{CALLS_PERMISSION}/read"),
    )


def _list(call: Call) -> Answer:
    log = call.params.choice("Log", ("0", "1"))
    equals = _of_call(call) | ({"log": log} if log else {})
    where = Where(equals, spans(call, "MessageDate", "message_date"))
    found = call.store.archive(NOTIFICATIONS).find(call.account.sid, where)
    return Answer(200, v2010_list(call, "notifications", found, lambda one: _item(call, one)))


def _fetch(call: Call) -> Answer:
    one = find(call, call.store.archive(NOTIFICATIONS), "NO")
    if _of_call(call).get("call_sid", one.call_sid) != one.call_sid:
        raise not_found(call.path)
    return Answer(200, _whole(call, one))


def _of_call(call: Call) -> dict[str, str]:
    return {"call_sid": call.sid("CallSid", "CA")} if "CallSid" in call.names else {}


def _item(call: Call, one: Notification) -> dict[str, object]:
    path = f"Notifications/{one.sid}.json"
    return common_json(one) | {
        "call_sid": one.call_sid,
        "error_code": one.error_code,
        "log": one.log,
        "message_date": rfc2822(one.message_date),
        "message_text": one.message_text,
        "more_info": f"https://www.twilio.com/docs/errors/{one.error_code}",
        "request_method": one.request_method,
        "request_url": one.request_url,
        "uri": uri(call, f"Calls/{one.call_sid}/{path}" if "CallSid" in call.names else path),
    }


def _whole(call: Call, one: Notification) -> dict[str, object]:
    return _item(call, one) | {
        "request_variables": one.request_variables,
        "response_body": one.response_body,
        "response_headers": one.response_headers,
    }
