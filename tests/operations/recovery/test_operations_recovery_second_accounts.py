"""A second account of a tenant, made by a run that was killed."""

from datetime import UTC, datetime, timedelta

import pytest

from tenantry.engine.state.deployment import StateResource
from tenantry.engine.state.unfinished import Mark
from tenantry.operations.recovery.second_accounts import find_second_accounts
from tenantry.twilio.account_directory import LiveAccount

RUN = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)
HELD, SECOND, PARENT = ("AC" + digit * 32 for digit in "123")
TYPE = "pulumi-python:dynamic/twilio:Subaccount"
MARKS = (Mark(RUN),)
STATE = [StateResource(f"urn:pulumi:dev::owl::{TYPE}::acme", TYPE, "subaccount", "acme", HELD, {}, {})]


def account(sid=SECOND, *, name="Acme (acme)", status="active", created=RUN):
    return LiveAccount(sid, name, status, PARENT, created=created)


def second(*live, marks=MARKS, state=STATE, slugs=("acme",)):
    return list(find_second_accounts([account(HELD), *live], state, marks, slugs))


def test_it_is_named_with_its_sid_its_run_and_what_to_do():
    assert second(account()) == [
        f"acme: Twilio has a second account of its name, {SECOND} (active), made by a run that was killed: that of "
        f"2026-11-22 17:40 UTC. The stack holds {HELD}. Nothing of ours uses the second one: close it in the Console. "
        "`tenantry drift` names it until then."
    ]


def test_it_is_named_however_late_twilio_made_it():
    over = Mark(RUN, until=RUN + timedelta(minutes=1))
    assert second(account(created=RUN + timedelta(hours=3)), marks=(over,))


@pytest.mark.parametrize(
    "other",
    [
        account(created=RUN - timedelta(hours=1)),
        account(created=None),
        account(status="closed"),
        account(name="Acme (acme-2)"),
    ],
    ids=["older", "no date", "closed", "another tenant's"],
)
def test_what_that_run_can_not_have_made_is_not_named(other):
    assert second(other) == []


def test_no_second_account_for_an_unmarked_unchosen_or_unheld_tenant():
    assert second(account(), marks=(Mark(RUN, frozenset({"birch"})),)) == []
    assert second(account(), slugs=("birch",)) == []
    assert second(account(), state=[]) == []
