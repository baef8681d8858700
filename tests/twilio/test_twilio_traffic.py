"""What a run costs: counted by host in one process, summed up in another."""

from pathlib import Path

import pytest

from faketwilio.server import FakeTwilio
from tenantry.twilio.http.traffic import Count, Counter, HostTraffic, Traffic
from tenantry.twilio.http.traffic_log import TRAFFIC_VARIABLE, note_in, read_traffic
from tenantry.twilio.session import Session

API, EVENTS = "api.twilio.com", "events.twilio.com"


def test_calls_are_counted_by_host_with_every_try_and_wait(session: Session, acme, goes_wrong):
    before = session.traffic.requests
    goes_wrong("429", times=2, method="GET")
    session.api_keys.list(acme.sid)
    session.event_sinks.list(acme.sid)
    traffic = session.traffic
    assert traffic.hosts[API].throttled == 2
    assert traffic.hosts[API].retried == 2
    assert traffic.hosts[API].waited == 0.5 + 1.0
    assert traffic.hosts[EVENTS] == HostTraffic(requests=1)
    assert traffic.requests == before + 3 + 1
    assert (traffic.throttled, traffic.waited, traffic.most_in_flight) == (2, 1.5, 1)


def test_what_one_process_counts_another_sums_up(environ, fake: FakeTwilio, tmp_path):
    log = tmp_path / "traffic"
    session = Session.from_env(environ, counter=Counter(note_in({TRAFFIC_VARIABLE: str(log)})))
    session.subaccounts.all()
    assert read_traffic(log) == session.traffic == Traffic({API: HostTraffic(requests=1)}, 1)


def test_the_line_that_a_killed_process_did_not_finish_is_left_out(tmp_path):
    log = tmp_path / "traffic"
    log.write_text('["sent", "api.twilio.com", 7]\n["sent", "api.tw')
    assert read_traffic(log) == Traffic({API: HostTraffic(requests=1)}, 7)


def test_nothing_is_written_unless_somebody_wants_to_know(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    note_in({})(Count("sent", API, 1))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is full")
def test_a_full_disk_costs_the_figures_and_not_the_call(environ, fake: FakeTwilio, caplog):
    session = Session.from_env(environ, counter=Counter(note_in({TRAFFIC_VARIABLE: "/dev/full"})))
    assert session.subaccounts.all() == ()
    assert caplog.messages == ["A call to Twilio was not counted: No space left on device"]


def test_two_processes_one_after_the_other_are_summed_up_by_host():
    first = Traffic({API: HostTraffic(5, 1, 1, 0.5)}, 3)
    second = Traffic({API: HostTraffic(2, 0, 1, 0.25), EVENTS: HostTraffic(1)}, 9)
    assert first.then(second) == Traffic({API: HostTraffic(7, 1, 2, 0.75), EVENTS: HostTraffic(1)}, 9)
