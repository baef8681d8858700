"""Event Streams sinks on the wire."""

from dataclasses import replace

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from tenantry.model.event_sink import EventSinkSpec, SinkConfiguration
from tenantry.model.event_subscription import ERROR_LOGGED, EventSubscriptionSpec
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import NotFound, Refused
from tenantry.twilio.session import Session

DEBUGGER = EventSinkSpec(
    description="tenantry:debugger",
    sink_configuration=SinkConfiguration(destination="https://owl.example/e", method="GET", batch_events=True),
)


def _in(account: LiveAccount, spec: EventSinkSpec) -> EventSinkSpec:
    return spec.model_copy(update={"account_sid": account.sid})


def test_a_sink_reads_back_as_it_was_wanted(session: Session, acme: LiveAccount):
    sink = session.event_sinks.create(acme.sid, DEBUGGER)
    assert sink.spec.props() == _in(acme, DEBUGGER).props()
    assert session.event_sinks.fetch(acme.sid, sink.sid) == sink
    assert session.event_sinks.list(acme.sid) == (sink,)


def test_what_twilio_leaves_out_or_writes_small_is_filled_in(session: Session, fake: FakeTwilio, acme: LiveAccount):
    configuration = {"destination": "https://owl.example/e", "method": "post"}
    order = {"create": "event_sink", "account": acme.sid, "fields": {"sink_configuration": configuration}}
    sid = act(fake.store, order)["sid"]
    assert session.event_sinks.fetch(acme.sid, sid).spec.sink_configuration == SinkConfiguration(
        destination="https://owl.example/e", method="POST", batch_events=False
    )


def test_sinks_of_other_types_are_not_listed(session: Session, fake: FakeTwilio, acme: LiveAccount):
    act(fake.store, {"create": "event_sink", "account": acme.sid, "fields": {"sink_type": "kinesis"}})
    assert session.event_sinks.list(acme.sid) == ()


def test_a_list_follows_absolute_links_without_leaving_the_fake(
    session: Session, fake: FakeTwilio, acme: LiveAccount, witness
):
    order = {"create": "event_sink", "account": acme.sid, "fields": {}}
    sids = {act(fake.store, order)["sid"] for _ in range(1001)}
    assert {sink.sid for sink in session.event_sinks.list(acme.sid)} == sids
    assert witness.counts() == {"GET /v1/Sinks": 2}


def test_update_changes_the_description_and_nothing_else(session: Session, acme: LiveAccount):
    sink = session.event_sinks.create(acme.sid, DEBUGGER)
    elsewhere = SinkConfiguration(destination="https://owl.example/2", method="POST", batch_events=False)
    wanted = DEBUGGER.model_copy(update={"description": "d", "sink_configuration": elsewhere})
    assert session.event_sinks.update(acme.sid, sink.sid, wanted) == replace(
        sink, spec=sink.spec.model_copy(update={"description": "d"})
    )


def test_a_sink_in_use_says_what_to_delete_first(session: Session, acme: LiveAccount):
    sink = session.event_sinks.create(acme.sid, DEBUGGER)
    spec = EventSubscriptionSpec(description="d", sink_sid=sink.sid, types=(ERROR_LOGGED,))
    session.event_subscriptions.create(acme.sid, spec)
    with pytest.raises(Refused, match=r"error 91007 .*Delete the sink's subscription first\."):
        session.event_sinks.delete(acme.sid, sink.sid)


def test_delete_is_not_found_the_second_time(session: Session, acme: LiveAccount):
    sink = session.event_sinks.create(acme.sid, DEBUGGER)
    session.event_sinks.delete(acme.sid, sink.sid)
    with pytest.raises(NotFound):
        session.event_sinks.delete(acme.sid, sink.sid)
