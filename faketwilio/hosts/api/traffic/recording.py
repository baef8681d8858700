"""v2010 Recordings of an account: deleted softly, their metadata is kept for 40 days."""

from dataclasses import replace
from datetime import timedelta

from faketwilio.hosts.api.archived import ROOT, find, refuse_incomplete, render_common, uri
from faketwilio.hosts.api.archives import RECORDINGS
from faketwilio.hosts.api.records import Recording
from faketwilio.hosts.api.traffic import progress
from faketwilio.store.archive import Where
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.dates import spans
from faketwilio.wire.errors import not_found
from faketwilio.wire.formats import format_rfc2822
from faketwilio.wire.paging import build_v2010_list

PERMISSION = "/twilio/voice/recordings"
KEPT = timedelta(days=40)
IN_FLIGHT = frozenset({"in-progress", "paused", "processing"})


def operations() -> tuple[Operation, ...]:
    list_path, item_path = f"{ROOT}/Recordings.json", f"{ROOT}/Recordings/{{Sid}}.json"
    return (
        *crud(
            list_path,
            item_path,
            PERMISSION,
            list_=_list,
            fetch=_fetch,
            delete=lambda call: delete_recording(call, find_recording(call)),
        ),
    )


def find_recording(call: Call, *, deleted_too: bool = False) -> Recording:
    """The recording that the path names; a deleted one is 404 unless it is asked for."""
    recording = find(call, progress.recordings(call.store), "RE")
    if recording.date_deleted is not None and not deleted_too:
        raise not_found(call.path)
    return recording


def delete_recording(call: Call, recording: Recording) -> Answer:
    """Its sound is gone at once, the rest stays visible to those who ask for what is deleted."""
    if recording.status in IN_FLIGHT:
        raise refuse_incomplete(call)
    now = call.store.clock.now()
    deleted = replace(recording, status="deleted", date_deleted=now, date_updated=now, due=now + KEPT)
    call.store.archive(RECORDINGS).put(deleted)
    return Answer(204)


def render_recording(recording: Recording) -> dict[str, object]:
    """What the answers of all three paths hold."""
    return render_common(recording) | {
        "call_sid": recording.call_sid,
        "channels": recording.channels,
        "conference_sid": recording.conference_sid,
        "duration": None if recording.duration is None else str(recording.duration),
        "encryption_details": None,
        "error_code": recording.error_code,
        "price": recording.price,
        "price_unit": recording.price_unit,
        "source": recording.source,
        "start_time": format_rfc2822(recording.start_time),
        "status": recording.status,
    }


def _list(call: Call) -> Answer:
    params = call.params
    wanted = {"call_sid": params.get("CallSid"), "conference_sid": params.get("ConferenceSid")}
    equals = {name: value for name, value in wanted.items() if value}
    deleted_too = {} if _asks_for_deleted(call) else {"date_deleted": None}
    where = Where(equals | deleted_too, spans(call, "DateCreated", "date_created"))
    found = progress.recordings(call.store).find(call.account.sid, where)
    return Answer(200, build_v2010_list(call, "recordings", found, lambda item_path: _render(call, item_path)))


def _fetch(call: Call) -> Answer:
    return Answer(200, _render(call, find_recording(call, deleted_too=_asks_for_deleted(call))))


def _asks_for_deleted(call: Call) -> bool:
    return call.params.choice("IncludeSoftDeleted", ("true", "false")) == "true"


def _render(call: Call, recording: Recording) -> dict[str, object]:
    path = uri(call, f"Recordings/{recording.sid}")
    return render_recording(recording) | {
        "media_url": f"https://{call.host}{path}",
        "subresource_uris": {
            "add_on_results": f"{path}/AddOnResults.json",
            "transcriptions": f"{path}/Transcriptions.json",
        },
        "uri": f"{path}.json",
    }
