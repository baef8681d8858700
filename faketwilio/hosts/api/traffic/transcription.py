"""v2010 Transcriptions, of an account or a recording: the one kind that no date filters."""

from faketwilio.hosts.api.archived import ROOT, find, refuse_incomplete, render_common, uri
from faketwilio.hosts.api.archives import TRANSCRIPTIONS
from faketwilio.hosts.api.records import Transcription
from faketwilio.store.archive import Where
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.errors import not_found
from faketwilio.wire.paging import build_v2010_list

PERMISSION = "/twilio/voice/transcriptions"
PART = f"{ROOT}/Recordings/{{RecordingSid}}/Transcriptions"
PART_PERMISSION = "/twilio/voice/recordings.transcriptions"


def operations() -> tuple[Operation, ...]:
    return _list_operations(f"{ROOT}/Transcriptions", PERMISSION) + _list_operations(PART, PART_PERMISSION)


def _list_operations(path: str, permission: str) -> tuple[Operation, ...]:
    list_path, item_path = f"{path}.json", f"{path}/{{Sid}}.json"
    return crud(list_path, item_path, permission, list_=_list, fetch=_fetch, delete=_delete)


def _list(call: Call) -> Answer:
    found = call.store.archive(TRANSCRIPTIONS).find(call.account.sid, Where(_of_recording(call)))
    return Answer(
        200, build_v2010_list(call, "transcriptions", found, lambda transcription: _render(call, transcription))
    )


def _fetch(call: Call) -> Answer:
    return Answer(200, _render(call, _find(call)))


def _delete(call: Call) -> Answer:
    transcription = _find(call)
    if transcription.status == "in-progress":
        raise refuse_incomplete(call)
    call.store.archive(TRANSCRIPTIONS).remove(transcription.sid)
    return Answer(204)


def _find(call: Call) -> Transcription:
    transcription = find(call, call.store.archive(TRANSCRIPTIONS), "TR")
    if _of_recording(call).get("recording_sid", transcription.recording_sid) != transcription.recording_sid:
        raise not_found(call.path)
    return transcription


def _of_recording(call: Call) -> dict[str, str]:
    return {"recording_sid": call.sid("RecordingSid", "RE")} if "RecordingSid" in call.names else {}


def _render(call: Call, transcription: Transcription) -> dict[str, object]:
    return render_common(transcription) | {
        "duration": None if transcription.duration is None else str(transcription.duration),
        "price": transcription.price,
        "price_unit": transcription.price_unit,
        "recording_sid": transcription.recording_sid,
        "status": transcription.status,
        "transcription_text": transcription.transcription_text,
        "type": transcription.type,
        "uri": uri(call, f"Transcriptions/{transcription.sid}.json"),
    }
