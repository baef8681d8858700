"""Accounts that Twilio does not know: asked for once more, and too many of them are a wrong question."""

from dataclasses import replace

import pytest
from provider_plugin import failure
from provider_samples import SUBACCOUNT


@pytest.fixture
def account_resource(first):
    return first.up("subaccount", SUBACCOUNT)


def test_more_than_five_and_one_percent_missing_accounts_fail_the_read_instead(operation, twilio, first):
    resource = [first.up("subaccount", {"slug": f"t{n}", "friendly_name": f"T (t{n})"}) for n in range(7)]
    for account in resource[:6]:
        twilio.vanish(account.id)
    plugin = operation()
    for account in resource[:5]:
        assert plugin.refresh(account).outputs["status"] == "missing"
    message = failure(plugin.refresh, resource[5])
    assert "Twilio does not know 6 of this stack's accounts, and knows 1" in message
    assert "Check that the credentials are those of this stack's parent" in message


@pytest.mark.parametrize("known", [{"ending": "closed"}, {}], ids=["to be closed", "closed in the Console"])
def test_any_number_of_accounts_may_be_missing_that_were_closed(operation, twilio, first, known):
    resource = [first.up("subaccount", {"slug": f"t{n}", "friendly_name": f"T (t{n})"}) for n in range(7)]
    for account in resource:
        twilio.console(account.id, status="closed")
    read = [operation().refresh(account) for account in resource]
    closed = [replace(item, outputs={**item.outputs, **known}) for item in (resource if known else read)]
    for account in resource:
        twilio.vanish(account.id)
    plugin = operation()
    for _ in range(2):
        closed = [plugin.refresh(account) for account in closed]
        assert {account.outputs["status"] for account in closed} == {"missing" if known else "closed"}


def test_the_absence_of_an_account_is_confirmed_by_asking_for_it(operation, twilio, account_resource):
    twilio.vanish(account_resource.id)
    twilio.forget()
    operation().refresh(account_resource)
    assert [asked.path.rpartition("/")[2] for asked in twilio.list_requests()] == [
        "Accounts.json",
        f"{account_resource.id}.json",
    ]
