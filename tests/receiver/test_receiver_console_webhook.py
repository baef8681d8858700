"""The parent account's own webhook in the Console: whatever is genuine is kept, whosever error it is."""

import pytest
from errors_world import console_form
from receiver_world import HOST, PREFIX
from test_receiver_commands import run, run_json
from test_receiver_errors import rows

URL = f"https://{HOST}{PREFIX}/console"
STRANGER = "AC" + "5" * 32
NOBODY = "(parent account)"


def send(world, account_sid, *, token=None, url=URL):
    form = console_form(world, "NO" + "1" * 32) | {"AccountSid": account_sid}
    return world.send(form, url=url, token=world.fake.auth_token if token is None else token)


def test_an_error_of_the_parent_account_is_kept_without_a_tenant(world):
    assert [send(world, world.parent), send(world, world.parent)] == [204, 204]
    assert rows(world, "tenant, account_sid, code") == [(NOBODY, world.parent, "11200")]
    code, document = run_json(world, "errors", "errors", "--without-traffic")
    assert (code, [tenant["tenant"] for tenant in document["tenants"]]) == (0, [NOBODY])
    assert NOBODY in run(world, "errors").stdout


def test_an_error_of_a_tenant_by_the_parents_webhook_is_the_tenants(world):
    assert send(world, world.sids["acme"]) == 204
    assert rows(world, "tenant, account_sid") == [("acme", world.sids["acme"])]


def test_an_error_of_an_account_that_no_tenant_has_is_kept(world):
    assert send(world, STRANGER) == 204
    assert rows(world, "tenant, account_sid") == [(NOBODY, STRANGER)]


@pytest.mark.parametrize(
    ("whose", "url", "status"),
    [("parent", URL, 403), ("acme", URL, 503), ("stranger", URL, 503), ("parent", f"https://{HOST}/elsewhere", 503)],
)
def test_by_another_token_it_is_not_kept(world, whose, url, status):
    account_sid = {"parent": world.parent, "acme": world.sids["acme"], "stranger": STRANGER}[whose]
    assert (send(world, account_sid, token="e" * 32, url=url), rows(world)) == (status, [])


def test_the_parents_token_signs_no_usage_trigger(world):
    assert (world.send(token=world.fake.auth_token), world.events()) == (403, [])
