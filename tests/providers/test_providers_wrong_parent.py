"""Credentials: of another parent, half-set, wrong, or of nobody who answers. A sentence, and nothing was sent."""

import socket

import pytest
from provider_plugin import failure
from provider_samples import CHILDREN, RECORDS, SUBACCOUNT

OTHER = "AC" + "9" * 32
KINDS = {
    **{kind: props for kind, props in RECORDS.items() if kind in ("subaccount", "account_state")},
    **{kind: {"account_sid": "AC" + "1" * 32, **props} for kind, props in CHILDREN.values()},
}


def verbs(plugin, kind, props):
    yield "create", (plugin.create, kind, props)
    yield "read", (plugin.read, kind, "X1", props)
    yield "update", (plugin.update, kind, "X1", props, props)
    if kind != "account_state":  # its delete does nothing at all
        yield "delete", (plugin.delete, kind, "X1", props)


@pytest.mark.parametrize("kind", KINDS)
def test_another_parent_is_refused_in_every_verb_without_a_request(operation, twilio, kind):
    plugin = operation()
    for _, call in verbs(plugin, kind, {**KINDS[kind], "owner_account_sid": OTHER}):
        message = failure(*call)
        assert f"the credentials are of {twilio.parent}, this stack belongs to {OTHER}" in message
        assert "Nothing was sent" in message
    assert twilio.list_requests() == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_update_compares_the_parent_of_the_saved_resource_too(operation, twilio, kind):
    plugin, props = operation(), KINDS[kind]
    saved = {**props, "owner_account_sid": OTHER}
    assert OTHER in failure(plugin.update, kind, "X1", saved, {**props, "owner_account_sid": twilio.parent})
    assert twilio.list_requests() == []


def test_the_fleet_refuses_another_parent_in_every_verb_and_nothing_is_sent(operation, twilio):
    plugin, fleet = operation(), {"account_sid": OTHER, "standing": {}}
    ours = {**fleet, "account_sid": twilio.parent}
    for text in (
        failure(plugin.create, "fleet", fleet),
        failure(plugin.read, "fleet", "fleet", fleet),
        failure(plugin.update, "fleet", "fleet", fleet, ours),
        failure(plugin.update, "fleet", "fleet", ours, fleet),
        failure(plugin.delete, "fleet", "fleet", fleet),
    ):
        assert f"this stack belongs to {OTHER}" in text
    assert twilio.list_requests() == []


def test_the_check_of_the_fleet_refuses_another_parent_than_the_credentials_of(operation, twilio):
    _, failures = operation().check("fleet", {"account_sid": OTHER, "standing": {}})
    ((field, reason),) = failures
    assert field == ""
    assert reason.startswith(
        f"TWILIO_ACCOUNT_SID is {twilio.parent}, but this stack belongs to the parent account {OTHER}"
    )


def test_the_fleets_check_refuses_another_parent_than_the_last_run(operation, twilio):
    saved = {"account_sid": OTHER, "standing": {}}
    _, failures = operation().check("fleet", {**saved, "account_sid": twilio.parent}, saved)
    ((_, reason),) = failures
    assert reason.startswith(f"this stack belongs to the parent account {OTHER}, and this run is for {twilio.parent}")


def test_a_fleet_without_a_parent_keeps_the_one_of_the_last_run(operation, twilio):
    saved = {"account_sid": twilio.parent, "standing": {}}
    assert operation().check("fleet", {"standing": {}}, saved) == (saved, [])


@pytest.mark.parametrize("missing", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"])
def test_half_a_pair_of_credentials_is_refused_by_name(operation, twilio, missing):
    plugin = operation(**{missing: None})
    for _, call in verbs(plugin, "subaccount", SUBACCOUNT):
        message = failure(*call)
        assert f"{missing} is not set" in message
        assert message.endswith(
            "Nothing was sent; set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to those of the parent account."
        )
    assert twilio.list_requests() == []


def test_the_fleet_refuses_a_wrong_token_without_repeating_it(operation, twilio):
    wrong = "0123456789abcdef0123456789abcdef"
    message = failure(
        operation(TWILIO_AUTH_TOKEN=wrong).create, "fleet", {"account_sid": twilio.parent, "standing": {"acme": "open"}}
    )
    assert "Twilio answered 401, error 20003 Authenticate" in message
    assert "Check the auth token" in message
    assert wrong not in message
    assert twilio.writes() == []


def test_a_subaccount_is_no_parent(operation, twilio):
    sub = twilio.put("subaccount", twilio.parent, auth_token="c" * 32)
    plugin = operation(TWILIO_ACCOUNT_SID=sub, TWILIO_AUTH_TOKEN="c" * 32)
    message = failure(plugin.create, "fleet", {"account_sid": sub, "standing": {}})
    assert f"it is a subaccount of {twilio.parent}" in message


def test_a_fake_that_is_not_there_is_told_with_what_was_tried(operation):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    message = failure(operation(TENANTRY_TWILIO_URL=f"http://127.0.0.1:{port}").create, "subaccount", SUBACCOUNT)
    address = f"http://127.0.0.1:{port}"
    assert (
        f"Listing the subaccounts: no connection to {address} in place of api.twilio.com: connection refused" in message
    )
    assert f"Check that {address} is up, or unset TENANTRY_TWILIO_URL" in message
    assert "run again" in message


def test_a_fleet_asks_once_for_the_parent_and_no_more(operation, twilio):
    sid, outputs = operation().create("fleet", {"account_sid": twilio.parent, "standing": {"acme": "open"}})
    assert (sid, outputs) == ("fleet", {"account_sid": twilio.parent, "standing": {"acme": "open"}})
    assert [asked.method for asked in twilio.list_requests()] == ["GET"]


def test_edge_and_region_of_the_shell_do_not_bend_where_calls_go(operation, twilio):
    operation(TWILIO_EDGE="dublin", TWILIO_REGION="ie1").create("subaccount", SUBACCOUNT)
    assert {asked.host for asked in twilio.list_requests()} == {"api.twilio.com"}


@pytest.mark.parametrize("name", ["restricted key", "event sink", "event subscription"])
def test_product_hosts_are_asked_with_the_accounts_own_credentials_only(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    plugin = operation()
    plugin.refresh(resource)
    plugin.up(kind, {**props, "friendly_name": "other", "description": "other"}, resource)
    plugin.destroy(resource)
    asked = [asked for asked in twilio.list_requests() if asked.host != "api.twilio.com"]
    assert asked
    assert {item.account for item in asked} == {props["account_sid"]}
    assert twilio.all(kind, twilio.parent) == []
