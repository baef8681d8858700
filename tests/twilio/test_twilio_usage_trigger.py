"""Usage triggers on the wire."""

from decimal import Decimal

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from tenantry.model.usage_trigger import UsageTriggerSpec
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import NotFound, Refused
from tenantry.twilio.live import Live
from tenantry.twilio.session import Session

MONTHLY = UsageTriggerSpec(
    friendly_name="monthly-sms",
    usage_category="sms",
    trigger_by="count",
    trigger_value=Decimal(1000),
    recurring="monthly",
    callback_url="https://owl.example/usage",
    callback_method="GET",
)


def _in(account: LiveAccount, spec: UsageTriggerSpec) -> UsageTriggerSpec:
    return spec.model_copy(update={"account_sid": account.sid})


@pytest.mark.parametrize(
    "spec",
    [
        MONTHLY,
        MONTHLY.model_copy(update={"recurring": None, "trigger_by": "price", "trigger_value": Decimal("0.5")}),
        MONTHLY.model_copy(update={"trigger_value": Decimal("1E+6"), "callback_method": "POST"}),
    ],
)
def test_a_trigger_reads_back_as_it_was_wanted(session: Session, acme: LiveAccount, spec: UsageTriggerSpec):
    trigger = session.usage_triggers.create(acme.sid, spec)
    assert trigger.spec == _in(acme, spec)
    assert session.usage_triggers.fetch(acme.sid, trigger.sid) == trigger
    assert session.usage_triggers.list(acme.sid) == (trigger,)


def test_the_canonical_bag_of_what_came_back_equals_the_wanted_one(session: Session, acme: LiveAccount):
    trigger = session.usage_triggers.create(acme.sid, MONTHLY)
    assert trigger.spec.props() == _in(acme, MONTHLY).props()


@pytest.mark.parametrize("sentence", [None, "", "alltime"])
def test_a_trigger_that_fires_once_ever_has_no_period(session: Session, fake: FakeTwilio, acme: LiveAccount, sentence):
    created = act(fake.store, {"create": "usage_trigger", "account": acme.sid, "fields": {"recurring": sentence}})
    assert session.usage_triggers.fetch(acme.sid, created["sid"]).spec.recurring is None


def test_a_period_that_the_model_does_not_know_is_kept(session: Session, fake: FakeTwilio, acme: LiveAccount):
    act(fake.store, {"create": "usage_trigger", "account": acme.sid, "fields": {"recurring": "weekly"}})
    (found,) = session.usage_triggers.list(acme.sid)
    assert found.spec.recurring == "weekly"


def test_update_changes_name_url_and_method_and_nothing_else(session: Session, acme: LiveAccount):
    trigger = session.usage_triggers.create(acme.sid, MONTHLY)
    other = {"friendly_name": "sms", "callback_url": "https://owl.example/2", "callback_method": "POST"}
    wanted = MONTHLY.model_copy(update={**other, "trigger_value": Decimal(5), "recurring": "daily"})
    assert session.usage_triggers.update(acme.sid, trigger.sid, wanted) == Live(
        trigger.sid, _in(acme, MONTHLY).model_copy(update=other), trigger.created
    )


def test_delete_is_not_found_the_second_time(session: Session, acme: LiveAccount):
    trigger = session.usage_triggers.create(acme.sid, MONTHLY)
    session.usage_triggers.delete(acme.sid, trigger.sid)
    with pytest.raises(NotFound):
        session.usage_triggers.delete(acme.sid, trigger.sid)


def test_a_refusal_is_one_sentence_with_the_triggers_name(session: Session, acme: LiveAccount):
    with pytest.raises(Refused) as caught:
        session.usage_triggers.create(acme.sid, MONTHLY.model_copy(update={"callback_url": "nowhere"}))
    assert str(caught.value) == (
        f"Creating usage trigger 'monthly-sms' in account {acme.sid}: "
        "Twilio answered 400, error 21456 Invalid CallbackUrl. Correct the manifest and run again."
    )


def test_a_list_follows_relative_links_and_names_each_trigger_once(
    session: Session, fake: FakeTwilio, acme: LiveAccount, witness
):
    order = {"create": "usage_trigger", "account": acme.sid, "fields": {}}
    sids = [act(fake.store, order)["sid"] for _ in range(1001)]
    found = [live.sid for live in session.usage_triggers.list(acme.sid)]
    assert (sorted(found), sum(witness.counts().values())) == (sorted(sids), 2)
