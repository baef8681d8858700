"""Event Streams subscriptions on the wire."""

from dataclasses import replace

import pytest

from tenantry.model.event_sink import EventSinkSpec, SinkConfiguration
from tenantry.model.event_subscription import ERROR_LOGGED, EventSubscriptionSpec
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import NotFound, WrongAccount
from tenantry.twilio.event_subscription import EventSubscriptions
from tenantry.twilio.session import Session

SENT = "com.twilio.messaging.message.sent"
WEBHOOK = EventSinkSpec(
    description="tenantry:debugger",
    sink_configuration=SinkConfiguration(destination="https://owl.example/e", method="POST", batch_events=False),
)


@pytest.fixture
def spec(session: Session, acme: LiveAccount) -> EventSubscriptionSpec:
    sink = session.event_sinks.create(acme.sid, WEBHOOK)
    return EventSubscriptionSpec(
        account_sid=acme.sid, description="tenantry:debugger", sink_sid=sink.sid, types=(ERROR_LOGGED,)
    )


def _change(spec: EventSubscriptionSpec, **fields: object) -> EventSubscriptionSpec:
    return spec.model_copy(update=fields)


def test_a_subscription_reads_back_as_it_was_wanted(session: Session, acme: LiveAccount, spec):
    subscription = session.event_subscriptions.create(acme.sid, spec)
    assert subscription.spec == spec
    assert session.event_subscriptions.fetch(acme.sid, subscription.sid) == subscription


def test_a_list_is_one_call_and_leaves_the_types_to_another(session: Session, acme: LiveAccount, spec, witness):
    subscription = session.event_subscriptions.create(acme.sid, spec)
    witness.clear()
    assert session.event_subscriptions.list(acme.sid) == (replace(subscription, spec=_change(spec, types=())),)
    assert witness.counts() == {"GET /v1/Subscriptions": 1}
    assert session.event_subscriptions.types(acme.sid, subscription.sid) == (ERROR_LOGGED,)


def test_update_adds_missing_types_before_it_deletes_others(session: Session, acme: LiveAccount, spec, witness):
    subscription = session.event_subscriptions.create(acme.sid, spec)
    witness.clear()
    wanted = _change(spec, types=(SENT,))
    updated = session.event_subscriptions.update(acme.sid, subscription.sid, wanted)
    assert [line[0] for line in witness.log()] == ["GET", "GET", "POST", "DELETE"]
    assert (
        updated == session.event_subscriptions.fetch(acme.sid, subscription.sid) == replace(subscription, spec=wanted)
    )


def test_update_sends_a_description_that_differs(session: Session, acme: LiveAccount, spec):
    subscription = session.event_subscriptions.create(acme.sid, spec)
    session.event_subscriptions.update(acme.sid, subscription.sid, _change(spec, description="d"))
    assert session.event_subscriptions.fetch(acme.sid, subscription.sid).spec.description == "d"


def test_update_of_what_is_as_wanted_writes_nothing(session: Session, acme: LiveAccount, spec, witness):
    subscription = session.event_subscriptions.create(acme.sid, spec)
    witness.clear()
    session.event_subscriptions.update(acme.sid, subscription.sid, spec)
    assert {line[0] for line in witness.log()} == {"GET"}


def test_delete_leaves_the_sink_and_is_not_found_the_second_time(session: Session, acme: LiveAccount, spec):
    subscription = session.event_subscriptions.create(acme.sid, spec)
    session.event_subscriptions.delete(acme.sid, subscription.sid)
    assert [sink.sid for sink in session.event_sinks.list(acme.sid)] == [spec.sink_sid]
    with pytest.raises(NotFound):
        session.event_subscriptions.delete(acme.sid, subscription.sid)


def test_an_answer_about_another_account_stops_before_anything_is_written(
    session: Session, acme: LiveAccount, spec, witness
):
    subscription = session.event_subscriptions.create(acme.sid, spec)
    birch = session.subaccounts.create("Birch (birch)")
    mixed_up = EventSubscriptions(lambda _: session.account(acme.sid))
    witness.clear()
    with pytest.raises(WrongAccount, match=f"in account {birch.sid}: Twilio answered for account {acme.sid}"):
        mixed_up.update(birch.sid, subscription.sid, _change(spec, types=(SENT,)))
    assert {line[0] for line in witness.log()} == {"GET"}
