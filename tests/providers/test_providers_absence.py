"""Accounts that Twilio does not know: asked for once more, and too many of them are a wrong question."""

from dataclasses import replace

import pytest
from provider_plugin import failure
from provider_samples import SUBACCOUNT


@pytest.fixture
def made(first):
    return first.up("subaccount", SUBACCOUNT)


def test_more_than_five_and_one_percent_missing_accounts_fail_the_read_instead(operation, twilio, first):
    made = [first.up("subaccount", {"slug": f"t{n}", "friendly_name": f"T (t{n})"}) for n in range(7)]
    for account in made[:6]:
        twilio.vanish(account.id)
    plugin = operation()
    for account in made[:5]:
        assert plugin.refresh(account).outputs["status"] == "missing"
    told = failure(plugin.refresh, made[5])
    assert "Twilio does not know 6 of this stack's accounts, and knows 1" in told
    assert "Check that the credentials are those of this stack's parent" in told


@pytest.mark.parametrize("known", [{"ending": "closed"}, {}], ids=["to be closed", "closed in the Console"])
def test_any_number_of_accounts_may_be_missing_that_were_closed(operation, twilio, first, known):
    made = [first.up("subaccount", {"slug": f"t{n}", "friendly_name": f"T (t{n})"}) for n in range(7)]
    for account in made:
        twilio.console(account.id, status="closed")
    read = [operation().refresh(account) for account in made]
    closed = [replace(one, outputs={**one.outputs, **known}) for one in (made if known else read)]
    for account in made:
        twilio.vanish(account.id)
    plugin = operation()
    for _ in range(2):
        closed = [plugin.refresh(account) for account in closed]
        assert {account.outputs["status"] for account in closed} == {"missing" if known else "closed"}


def test_the_absence_of_an_account_is_confirmed_by_asking_for_it(operation, twilio, made):
    twilio.vanish(made.id)
    twilio.forget()
    operation().refresh(made)
    assert [asked.path.rpartition("/")[2] for asked in twilio.asked()] == ["Accounts.json", f"{made.id}.json"]
