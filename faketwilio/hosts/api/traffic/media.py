"""v2010 Media of a message: listed, fetched and deleted; redacting the message leaves them."""

from faketwilio.hosts.api.archived import ROOT, find, render_common, uri
from faketwilio.hosts.api.archives import MEDIA, MESSAGES
from faketwilio.hosts.api.records import Media
from faketwilio.hosts.api.traffic.message import SID as MESSAGE_SID
from faketwilio.store.archive import Where
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.dates import spans
from faketwilio.wire.errors import not_found
from faketwilio.wire.paging import build_v2010_list

PERMISSION = "/twilio/messaging/messages.media"


def operations() -> tuple[Operation, ...]:
    many = f"{ROOT}/Messages/{{MessageSid}}/Media.json"
    item_path = f"{ROOT}/Messages/{{MessageSid}}/Media/{{Sid}}.json"
    return crud(many, item_path, PERMISSION, list_=_list, fetch=_fetch, delete=_delete)


def _list(call: Call) -> Answer:
    message = find(call, call.store.archive(MESSAGES), MESSAGE_SID, "MessageSid")
    where = Where({"parent_sid": message.sid}, spans(call, "DateCreated", "date_created"))
    found = call.store.archive(MEDIA).find(call.account.sid, where)
    return Answer(200, build_v2010_list(call, "media_list", found, lambda media: _render(call, media)))


def _fetch(call: Call) -> Answer:
    return Answer(200, _render(call, _find(call)))


def _delete(call: Call) -> Answer:
    call.store.archive(MEDIA).remove(_find(call).sid)
    return Answer(204)


def _find(call: Call) -> Media:
    media = find(call, call.store.archive(MEDIA), "ME")
    if media.parent_sid != call.sid("MessageSid", MESSAGE_SID):
        raise not_found(call.path)
    return media


def _render(call: Call, media: Media) -> dict[str, object]:
    own = {
        "content_type": media.content_type,
        "parent_sid": media.parent_sid,
        "uri": uri(call, f"Messages/{media.parent_sid}/Media/{media.sid}.json"),
    }
    return {name: value for name, value in render_common(media).items() if name != "api_version"} | own
