"""v2010 Media of a message: listed, fetched and deleted; redacting the message leaves them."""

from tenantry.fake.api.archived import ROOT, common_json, find, uri
from tenantry.fake.api.message import SID as MESSAGE_SID
from tenantry.fake.archive import Where
from tenantry.fake.call import Answer, Call, Operation
from tenantry.fake.dates import spans
from tenantry.fake.errors import not_found
from tenantry.fake.paging import v2010_list
from tenantry.fake.records import Media

PERMISSION = "/twilio/messaging/messages.media"


def operations() -> tuple[Operation, ...]:
    many = f"{ROOT}/Messages/{{MessageSid}}/Media.json"
    one = f"{ROOT}/Messages/{{MessageSid}}/Media/{{Sid}}.json"
    return (
        Operation("GET", many, _list, f"{PERMISSION}/list"),
        Operation("GET", one, _fetch, f"{PERMISSION}/read"),
        Operation("DELETE", one, _delete, f"{PERMISSION}/delete"),
    )


def _list(call: Call) -> Answer:
    message = find(call, call.store.archives.messages, MESSAGE_SID, "MessageSid")
    where = Where({"parent_sid": message.sid}, spans(call, "DateCreated", "date_created"))
    found = call.store.archives.media.find(call.account.sid, where)
    return Answer(200, v2010_list(call, "media_list", found, lambda media: _json(call, media)))


def _fetch(call: Call) -> Answer:
    return Answer(200, _json(call, _find(call)))


def _delete(call: Call) -> Answer:
    call.store.archives.media.remove(_find(call).sid)
    return Answer(204)


def _find(call: Call) -> Media:
    media = find(call, call.store.archives.media, "ME")
    if media.parent_sid != call.sid("MessageSid", MESSAGE_SID):
        raise not_found(call.path)
    return media


def _json(call: Call, media: Media) -> dict[str, object]:
    own = {
        "content_type": media.content_type,
        "parent_sid": media.parent_sid,
        "uri": uri(call, f"Messages/{media.parent_sid}/Media/{media.sid}.json"),
    }
    return {name: value for name, value in common_json(media).items() if name != "api_version"} | own
