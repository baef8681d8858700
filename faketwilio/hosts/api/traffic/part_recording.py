"""v2010 Recordings of one call or one conference: the same recordings by another path."""

from dataclasses import dataclass

from faketwilio.hosts.api.archived import ROOT, uri
from faketwilio.hosts.api.records import Recording
from faketwilio.hosts.api.traffic import progress
from faketwilio.hosts.api.traffic.recording import delete_recording, find_recording, render_recording
from faketwilio.store.archive import Where
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.dates import spans
from faketwilio.wire.errors import not_found
from faketwilio.wire.paging import build_v2010_list


def operations() -> tuple[Operation, ...]:
    return (
        _Part("Calls", "CallSid", "CA", "call_sid").operations()
        + _Part("Conferences", "ConferenceSid", "CF", "conference_sid").operations()
    )


@dataclass(frozen=True)
class _Part:
    """What recordings are of: its folder, its name in the path, the prefix of its SIDs, the field that holds them."""

    folder: str
    name: str
    prefix: str
    field: str

    def operations(self) -> tuple[Operation, ...]:
        many = f"{ROOT}/{self.folder}/{{{self.name}}}/Recordings.json"
        item_path = f"{ROOT}/{self.folder}/{{{self.name}}}/Recordings/{{Sid}}.json"
        permission = f"/twilio/voice/{self.folder.lower()}.recordings"
        return crud(many, item_path, permission, list_=self._list, fetch=self._fetch, delete=self._delete)

    def _list(self, call: Call) -> Answer:
        equals = {self.field: call.sid(self.name, self.prefix), "date_deleted": None}
        where = Where(equals, spans(call, "DateCreated", "date_created"))
        found = progress.recordings(call.store).find(call.account.sid, where)
        return Answer(200, build_v2010_list(call, "recordings", found, lambda item_path: self._render(call, item_path)))

    def _fetch(self, call: Call) -> Answer:
        return Answer(200, self._render(call, self._find(call)))

    def _delete(self, call: Call) -> Answer:
        return delete_recording(call, self._find(call))

    def _find(self, call: Call) -> Recording:
        recording, sid = find_recording(call), call.sid(self.name, self.prefix)
        if getattr(recording, self.field) != sid:
            raise not_found(call.path)
        return recording

    def _render(self, call: Call, recording: Recording) -> dict[str, object]:
        path = f"{self.folder}/{getattr(recording, self.field)}/Recordings/{recording.sid}.json"
        track = {"track": recording.track} if self.field == "call_sid" else {}
        return render_recording(recording) | track | {"uri": uri(call, path)}
