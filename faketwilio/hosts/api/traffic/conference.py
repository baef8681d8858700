"""v2010 Conferences: listed, fetched and ended, but never deleted."""

from dataclasses import replace

from faketwilio.hosts.api.archived import ROOT, find, never_deleted, render_common, uri
from faketwilio.hosts.api.archives import CONFERENCES
from faketwilio.hosts.api.records import Conference
from faketwilio.store.archive import Where
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.dates import spans
from faketwilio.wire.paging import build_v2010_list

PERMISSION = "/twilio/voice/conferences"
STATUSES = ("init", "in-progress", "completed")


def operations() -> tuple[Operation, ...]:
    list_path, item_path = f"{ROOT}/Conferences.json", f"{ROOT}/Conferences/{{Sid}}.json"
    return (
        *crud(list_path, item_path, PERMISSION, list_=_list, fetch=_fetch, update=_update),
        Operation("DELETE", item_path, never_deleted, is_built=False),
    )


def _list(call: Call) -> Answer:
    params = call.params
    wanted = {"friendly_name": params.get("FriendlyName"), "status": params.choice("Status", STATUSES)}
    periods = spans(call, "DateCreated", "date_created") + spans(call, "DateUpdated", "date_updated")
    where = Where({name: value for name, value in wanted.items() if value}, periods)
    found = call.store.archive(CONFERENCES).find(call.account.sid, where)
    return Answer(200, build_v2010_list(call, "conferences", found, lambda conference: _render(call, conference)))


def _fetch(call: Call) -> Answer:
    return Answer(200, _render(call, find(call, call.store.archive(CONFERENCES), "CF")))


def _update(call: Call) -> Answer:
    conferences = call.store.archive(CONFERENCES)
    conference = find(call, conferences, "CF")
    if call.params.choice("Status", ("completed",)) and conference.status != "completed":
        reason, now = "conference-ended-via-api", call.store.clock.now()
        ended = replace(conference, status="completed", reason_conference_ended=reason, date_updated=now)
        conference = conferences.put(ended)
    return Answer(200, _render(call, conference))


def _render(call: Call, conference: Conference) -> dict[str, object]:
    path = uri(call, f"Conferences/{conference.sid}")
    return render_common(conference) | {
        "call_sid_ending_conference": conference.call_sid_ending_conference,
        "friendly_name": conference.friendly_name,
        "reason_conference_ended": conference.reason_conference_ended,
        "region": conference.region,
        "status": conference.status,
        "subresource_uris": {
            "participants": f"{path}/Participants.json",
            "recordings": f"{path}/Recordings.json",
        },
        "uri": f"{path}.json",
    }
