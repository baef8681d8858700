"""v2010 Messages: sent, listed, redacted, canceled and deleted."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from faketwilio.hosts.api.archived import ROOT, find, refuse_incomplete, render_common, uri
from faketwilio.hosts.api.archives import MEDIA, MESSAGES
from faketwilio.hosts.api.records import Media, Message
from faketwilio.hosts.api.traffic import progress
from faketwilio.hosts.api.traffic.message_request import read_message_request
from faketwilio.hosts.api.usage.book import Amounts, Usage
from faketwilio.hosts.api.usage.firing import use
from faketwilio.store.archive import Where
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.dates import spans
from faketwilio.wire.errors import TwilioError
from faketwilio.wire.formats import format_rfc2822
from faketwilio.wire.paging import build_v2010_list

PERMISSION = "/twilio/messaging/messages"
SID = "(?:SM|MM)"
IN_FLIGHT = frozenset({"accepted", "scheduled", "queued", "sending", "receiving"})


def operations() -> tuple[Operation, ...]:
    list_path, item_path = f"{ROOT}/Messages.json", f"{ROOT}/Messages/{{Sid}}.json"
    return crud(
        list_path, item_path, PERMISSION, create=_create, list_=_list, fetch=_fetch, update=_update, delete=_delete
    )


def _create(call: Call) -> Answer:
    asked, store, now = read_message_request(call), call.store, call.store.clock.now()
    message = store.archive(MESSAGES).add(
        Message(
            sid="",
            account_sid=call.account.sid,
            to=asked.to,
            from_=asked.sender,
            body=asked.body,
            status="queued",
            date_created=now,
            date_updated=now,
            due=now + timedelta(seconds=1),
            num_segments=asked.segments,
            num_media=len(asked.content_types),
        )
    )
    for content_type in asked.content_types:
        store.archive(MEDIA).add(Media("", call.account.sid, message.sid, content_type, now, now))
    category = "mms-outbound-longcode" if message.num_media else "sms-outbound-longcode"
    use(store, call.account, Usage(category, now, Amounts(Decimal(1), Decimal(message.num_segments))))
    return Answer(201, _render(call, message))


def _list(call: Call) -> Answer:
    is_ignored = call.store.behaviour.number_filters == "ignored"
    wanted = {} if is_ignored else {"to": call.params.get("To"), "from_": call.params.get("From")}
    where = Where({name: value for name, value in wanted.items() if value}, spans(call, "DateSent", "date_sent"))
    found = progress.messages(call.store).find(call.account.sid, where)
    return Answer(200, build_v2010_list(call, "messages", found, lambda message: _render(call, message)))


def _fetch(call: Call) -> Answer:
    return Answer(200, _render(call, find(call, progress.messages(call.store), SID)))


def _update(call: Call) -> Answer:
    messages = progress.messages(call.store)
    message, body, status = find(call, messages, SID), call.params.get("Body"), call.params.get("Status")
    if (body is None) == (status is None):
        raise _make_update_error("give either Body or Status")
    changed = _cancel(call, message, status) if status is not None else _redact(call, message, str(body))
    return Answer(200, _render(call, messages.put(changed)))


def _make_update_error(reason: str) -> TwilioError:
    """Twilio's one code for an update that neither cancels nor redacts: twilio.com/docs/api/errors/30400."""
    return TwilioError(400, 30400, f"Invalid update of a message: {reason}")


def _cancel(call: Call, message: Message, status: str) -> Message:
    if status != "canceled":
        raise _make_update_error(f"Status can only be canceled, not {status!r}")
    if message.status != "scheduled":
        raise TwilioError(call.store.behaviour.uncancelable_status, 30409, "This message cannot be canceled")
    return replace(message, status="canceled", due=None, date_updated=call.store.clock.now())


def _redact(call: Call, message: Message, body: str) -> Message:
    """The message without its text; another text than none it can't be given."""
    if body:
        raise _make_update_error("Body can only be empty")
    if message.status in IN_FLIGHT and not call.store.behaviour.in_flight_can_be_redacted:
        raise refuse_incomplete(call)
    return replace(message, body="", date_updated=call.store.clock.now())


def _delete(call: Call) -> Answer:
    messages = progress.messages(call.store)
    message = find(call, messages, SID)
    if message.status in IN_FLIGHT:
        raise refuse_incomplete(call)
    media = call.store.archive(MEDIA)
    for medium in media.find(message.account_sid, Where({"parent_sid": message.sid})).all():
        media.remove(medium.sid)
    messages.remove(message.sid)
    return Answer(204)


def _render(call: Call, message: Message) -> dict[str, object]:
    path = uri(call, f"Messages/{message.sid}")
    return render_common(message) | {
        "body": message.body,
        "date_sent": format_rfc2822(message.date_sent),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": message.error_message,
        "from": message.from_,
        "messaging_service_sid": message.messaging_service_sid,
        "num_media": str(message.num_media),
        "num_segments": str(message.num_segments),
        "price": message.price,
        "price_unit": message.price_unit,
        "status": message.status,
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": message.to,
        "uri": f"{path}.json",
    }
