"""v2010 Calls: made, listed, ended and deleted; their recordings outlive them."""

import re
from dataclasses import replace
from datetime import timedelta

from faketwilio.hosts.api.archived import ROOT, find, refuse_incomplete, render_common, uri
from faketwilio.hosts.api.archives import CALLS
from faketwilio.hosts.api.records import PhoneCall
from faketwilio.hosts.api.traffic import progress
from faketwilio.hosts.api.traffic.sender import find_own_number
from faketwilio.store.archive import Where
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.dates import spans
from faketwilio.wire.errors import NotBuiltError, TwilioError
from faketwilio.wire.formats import format_rfc2822, snake
from faketwilio.wire.paging import build_v2010_list

PERMISSION = "/twilio/voice/calls"
STATUSES = ("queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled")
IN_FLIGHT = frozenset({"queued", "ringing", "in-progress"})
AMERICAN = re.compile(r"\+1(\d{3})(\d{3})(\d{4})", re.ASCII)
SUBRESOURCES = (
    "Notifications",
    "Recordings",
    "Payments",
    "Events",
    "Siprec",
    "Streams",
    "Transcriptions",
    "UserDefinedMessageSubscriptions",
    "UserDefinedMessages",
)
NEVER = ("answered_by", "caller_name", "forwarded_from", "group_sid", "trunk_sid")


def operations() -> tuple[Operation, ...]:
    list_path, item_path = f"{ROOT}/Calls.json", f"{ROOT}/Calls/{{Sid}}.json"
    return crud(
        list_path, item_path, PERMISSION, create=_create, list_=_list, fetch=_fetch, update=_update, delete=_delete
    )


def _create(call: Call) -> Answer:
    params, now = call.params, call.store.clock.now()
    to, sender = params.get("To"), params.get("From")
    if not to:
        raise TwilioError(400, 21201, "No Called number specified")
    if not sender:
        raise TwilioError(400, 21213, "Caller phone number is required")
    if params.get("ApplicationSid"):
        raise NotBuiltError("a call with ApplicationSid is not built")
    if not params.get("Url") and not params.get("Twiml"):
        raise TwilioError(400, 21205, "Invalid URL: Url, Twiml or ApplicationSid is required")
    number = find_own_number(call, sender, TwilioError(400, 21210, "'From' phone number not verified"))
    due = now + timedelta(seconds=1)
    phone_call = call.store.archive(CALLS).add(
        PhoneCall("", call.account.sid, to, sender, "queued", now, now, due=due, phone_number_sid=number.sid)
    )
    return Answer(201, _render(call, phone_call))


def _list(call: Call) -> Answer:
    params = call.params
    is_ignored = call.store.behaviour.number_filters == "ignored"
    wanted = {
        "to": None if is_ignored else params.get("To"),
        "from_": None if is_ignored else params.get("From"),
        "parent_call_sid": params.get("ParentCallSid"),
        "status": params.choice("Status", STATUSES),
    }
    periods = [
        spans(call, name, column, before_is_strict=True)
        for name, column in (("StartTime", "start_time"), ("EndTime", "end_time"))
    ]
    where = Where({name: value for name, value in wanted.items() if value}, periods[0] + periods[1])
    found = progress.calls(call.store).find(call.account.sid, where)
    return Answer(200, build_v2010_list(call, "calls", found, lambda phone_call: _render(call, phone_call)))


def _fetch(call: Call) -> Answer:
    return Answer(200, _render(call, find(call, progress.calls(call.store), "CA")))


def _update(call: Call) -> Answer:
    calls, status = progress.calls(call.store), call.params.choice("Status", ("canceled", "completed"))
    phone_call = find(call, calls, "CA")
    if phone_call.status not in IN_FLIGHT or (status == "canceled" and phone_call.start_time is not None):
        raise TwilioError(400, 21220, "Invalid call state")
    if status is not None:
        phone_call = calls.put(_end(call, phone_call))
    return Answer(200, _render(call, phone_call))


def _end(call: Call, phone_call: PhoneCall) -> PhoneCall:
    now, start = call.store.clock.now(), phone_call.start_time
    if start is None:
        return replace(phone_call, status="canceled", date_updated=now, due=None)
    duration = int((now - start).total_seconds())
    return replace(phone_call, status="completed", end_time=now, date_updated=now, due=None, duration=duration)


def _delete(call: Call) -> Answer:
    calls = progress.calls(call.store)
    phone_call = find(call, calls, "CA")
    if phone_call.status in IN_FLIGHT:
        raise refuse_incomplete(call)
    calls.remove(phone_call.sid)
    return Answer(204)


def _render(call: Call, phone_call: PhoneCall) -> dict[str, object]:
    path = uri(call, f"Calls/{phone_call.sid}")
    return (
        dict.fromkeys(NEVER)
        | render_common(phone_call)
        | {
            "direction": phone_call.direction,
            "duration": None if phone_call.duration is None else str(phone_call.duration),
            "end_time": format_rfc2822(phone_call.end_time),
            "from": phone_call.from_,
            "from_formatted": _format_number(phone_call.from_),
            "parent_call_sid": phone_call.parent_call_sid,
            "phone_number_sid": phone_call.phone_number_sid,
            "price": phone_call.price,
            "price_unit": phone_call.price_unit,
            "queue_time": "0",
            "start_time": format_rfc2822(phone_call.start_time),
            "status": phone_call.status,
            "subresource_uris": {snake(name): f"{path}/{name}.json" for name in SUBRESOURCES},
            "to": phone_call.to,
            "to_formatted": _format_number(phone_call.to),
            "uri": f"{path}.json",
        }
    )


def _format_number(number: str) -> str:
    """`(415) 867-5308` for American numbers, the others as they are."""
    return AMERICAN.sub(r"(\1) \2-\3", number) if AMERICAN.fullmatch(number) else number
