"""Secrets and tokens: marked where they must be, and nowhere else, whatever fails."""

import re

import pytest
from provider_plugin import Hidden, failure
from provider_samples import CHILDREN, KEY, RESTRICTED, SINK, SUBACCOUNT, SUBSCRIPTION, TRIGGER

LIKE_A_TOKEN = re.compile(r"\b[0-9a-f]{32}\b")


@pytest.fixture
def tokens(twilio, fake):
    """Every auth token there is, as the fake knows them."""

    def all_of_them():
        return {twilio.token, *(account.auth_token for account in fake.store.accounts_of(twilio.parent))}

    return all_of_them


@pytest.mark.parametrize("props", [KEY, RESTRICTED], ids=["standard", "restricted"])
def test_a_secret_is_an_output_marked_as_one_and_no_input(first, operation, account, props):
    resource = first.up("api_key", {**props, "account_sid": account})
    assert isinstance(resource.outputs["secret"], Hidden)
    assert len(resource.outputs["secret"]) == 32
    assert "secret" not in resource.inputs
    found = operation().refresh(resource)
    assert isinstance(found.outputs["secret"], Hidden)
    assert "secret" not in found.inputs


def test_a_secret_stays_marked_when_its_tenant_rests(first, operation, twilio, account):
    resource = first.up("api_key", {**KEY, "account_sid": account})
    twilio.console(account, status="suspended")
    found = operation().refresh(resource)
    assert isinstance(found.outputs["secret"], Hidden)
    assert found.outputs == resource.outputs


def test_a_whole_life_leaves_no_token_in_any_output_or_on_stderr(operation, twilio, tokens):
    plugin = operation()
    account = plugin.up("subaccount", SUBACCOUNT)
    saved = [account]
    for kind, props in (("api_key", KEY), ("api_key", RESTRICTED), ("usage_trigger", TRIGGER), ("event_sink", SINK)):
        saved.append(plugin.up(kind, {**props, "account_sid": account.id}))
    subscribed = {**SUBSCRIPTION, "account_sid": account.id, "sink_sid": saved[-1].id}
    saved.append(plugin.up("event_subscription", subscribed))
    saved += [plugin.refresh(item) for item in saved]
    secrets = {item.outputs["secret"] for item in saved if "secret" in item.outputs}
    assert len(secrets) == 2
    shown = [{key: value for key, value in item.outputs.items() if not isinstance(value, Hidden)} for item in saved]
    written = operation.stop(plugin)
    for token in tokens() | secrets:
        assert token not in repr(shown)
        assert token not in written


@pytest.mark.parametrize("name", CHILDREN)
@pytest.mark.parametrize("mode", ["503", "429"])
def test_no_failure_repeats_a_token_or_a_secret(operation, first, twilio, inputs, tokens, name, mode):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.fail(mode, "POST", retry_after=200)
    changed = {**props, "friendly_name": "other", "description": "other"}
    plugin = operation()
    message = failure(plugin.up, kind, changed, resource)
    message += operation.stop(plugin)
    assert not LIKE_A_TOKEN.search(message)
    for secret in tokens() | {resource.outputs.get("secret", twilio.token)}:
        assert secret not in message


@pytest.mark.parametrize("name", CHILDREN)
def test_no_call_without_an_answer_repeats_a_token(operation, twilio, inputs, tokens, name):
    plugin, wanted = operation(), inputs(name)
    twilio.fail("drop", "POST")
    message = failure(plugin.up, *wanted) + operation.stop(plugin)
    assert not LIKE_A_TOKEN.search(message)
    assert [token for token in tokens() if token in message] == []


def test_a_damaged_state_is_refused_in_a_sentence_without_its_values(operation, first, account):
    resource = first.up("api_key", {**KEY, "account_sid": account})
    damaged = {"account_sid": account, "policy": [{}], "secret": resource.outputs["secret"]}
    message = failure(operation().read, "api_key", resource.id, damaged)
    assert message.startswith("Reading what the state holds of this ApiKey: ")
    assert resource.outputs["secret"] not in message
    message = failure(
        operation().delete, "api_key", resource.id, {"account_sid": account, "secret": resource.outputs["secret"]}
    )
    assert "friendly_name: Field required" in message
    assert resource.outputs["secret"] not in message


def test_a_url_in_a_failure_is_shown_without_a_password(operation, account):
    secret = "hunter2"
    url = f"ftp://user:{secret}@hooks.owl.example/usage?key={secret}"
    message = failure(operation().up, "usage_trigger", {**TRIGGER, "account_sid": account, "callback_url": url})
    assert "21456" in message
    assert secret not in message
