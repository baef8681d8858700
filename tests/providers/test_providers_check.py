"""Check and diff: canonical inputs, all problems at once, never an exception or a request, without credentials."""

from collections.abc import Iterator

import pytest
from provider_nursery import Nursery
from provider_plugin import UNKNOWN, Operations, Plugin
from provider_samples import (
    CHILDREN,
    KEY,
    RECORDS,
    RESTRICTED,
    SINK,
    TRIGGER,
    links_of,
)
from provider_stack import Stack

from faketwilio.server import FakeTwilio
from tenantry.providers import RESOURCES

ACCOUNT = "AC" + "1" * 32
KINDS = {
    **RECORDS,
    **{kind: {"account_sid": ACCOUNT, **links_of(kind), **props} for kind, props in CHILDREN.values()},
}
JUNK = [
    1e308,
    "nan",
    True,
    "",
    "x" * 10_000,
    [],
    [1.0, "a", True],
    [{}],
    {},
    {"a": {"b": [1]}},
    UNKNOWN,
    [UNKNOWN],
]


@pytest.fixture(scope="module")
def plugin(nursery: Nursery, fake: FakeTwilio, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plugin]:
    """A process without credentials, as a preview in a pull request has: check and diff leave no trace in it."""
    shell = {**Stack(tmp_path_factory.mktemp("check")).environ, "TENANTRY_TWILIO_URL": fake.url}
    operations = Operations(nursery, shell, fake.account_sid)
    yield operations(TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None)
    operations.end()


@pytest.mark.parametrize("kind", KINDS)
def test_check_leaves_canonical_inputs_as_they_are(plugin, kind):
    assert plugin.check(kind, KINDS[kind]) == (KINDS[kind], [])


@pytest.mark.parametrize("kind", KINDS)
def test_check_says_nothing_of_what_is_as_it_was_saved(plugin, kind):
    same = RESOURCES[kind].provider().check(dict(KINDS[kind]), dict(KINDS[kind]))
    assert (same.inputs, same.failures) == (KINDS[kind], [])
    assert plugin.check(kind, KINDS[kind], KINDS[kind]) == (KINDS[kind], [])


@pytest.mark.parametrize("written", [1000.5, "1000.50", "1000.500000", "1.0005e3"])
def test_check_writes_a_number_the_one_way_that_we_store_it(plugin, written):
    inputs, failures = plugin.check("usage_trigger", {**TRIGGER, "trigger_value": written})
    assert (inputs["trigger_value"], failures) == ("1000.5", [])


def test_check_sorts_sets_and_drops_repeats(plugin):
    inputs, _ = plugin.check("api_key", {**KEY, "policy": ["/twilio/b/c/read", "/twilio/a/b/read", "/twilio/b/c/read"]})
    assert inputs["policy"] == ["/twilio/a/b/read", "/twilio/b/c/read"]


def test_check_reads_the_floats_of_the_wire_as_days(plugin):
    inputs, failures = plugin.check("retention", {"messages": {"keep_days": 30.0}})
    assert (inputs["messages"]["keep_days"], failures) == ("30", [])


def test_check_tells_all_problems_at_once(plugin):
    wrong = {**TRIGGER, "trigger_value": "many", "trigger_by": "weight", "recurring": "hourly"}
    del wrong["callback_url"]
    _, failures = plugin.check("usage_trigger", wrong)
    assert {field for field, _ in failures} == {"trigger_value", "trigger_by", "recurring", "callback_url"}


def test_check_does_not_complain_about_what_a_preview_does_not_know_yet(plugin):
    sink = {"sink_configuration": {**SINK["sink_configuration"], "destination": UNKNOWN}}
    for kind, unknown in (
        ("usage_trigger", {"account_sid": UNKNOWN, "trigger_value": UNKNOWN}),
        ("event_subscription", {"sink_sid": UNKNOWN, "types": [UNKNOWN]}),
        ("event_sink", sink),
        ("fleet", {"account_sid": UNKNOWN, "standing": {"acme": UNKNOWN}}),
        ("subaccount", {"adopt": UNKNOWN}),
    ):
        inputs, failures = plugin.check(kind, {**KINDS[kind], **unknown}, KINDS[kind])
        assert failures == []
        assert {key: inputs[key] for key in unknown} == unknown


@pytest.mark.parametrize("kind", KINDS)
def test_neither_check_nor_diff_raises_on_junk_and_neither_sends_a_request(plugin, twilio, kind):
    sample = KINDS[kind]
    for field in (*sample, "owner_account_sid", "adopt", "frozen", "status"):
        for junk in JUNK:
            spoilt = {**sample, field: junk}
            plugin.check(kind, spoilt, sample)
            plugin.check(kind, sample, spoilt)
            plugin.diff(kind, "X1", spoilt, sample)
            plugin.diff(kind, "X1", sample, spoilt)
    assert twilio.list_requests() == []


@pytest.mark.parametrize("kind", KINDS)
def test_diff_takes_a_state_of_another_version(plugin, kind):
    sample = KINDS[kind]
    newer = {**sample, "invented_later": {"a": 1}}
    assert plugin.diff(kind, "X1", newer, sample) == (False, [])
    for field in sample:
        older = {key: value for key, value in sample.items() if key != field}
        plugin.diff(kind, "X1", older, sample)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("fleet", "account_state")])
def test_what_only_steers_us_is_no_difference(plugin, kind):
    steered = {**KINDS[kind], "owner_account_sid": ACCOUNT}
    assert plugin.diff(kind, "X1", KINDS[kind], steered) == (False, [])
    assert plugin.diff(kind, "X1", steered, KINDS[kind]) == (False, [])


def test_a_preview_without_credentials_keeps_the_parent_that_is_known(plugin):
    inputs, _ = plugin.check("api_key", KEY, {**KEY, "owner_account_sid": ACCOUNT})
    assert inputs["owner_account_sid"] == ACCOUNT


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("usage_trigger", "usage_category", "calls"),
        ("usage_trigger", "trigger_by", "usage"),
        ("usage_trigger", "trigger_value", "1"),
        ("usage_trigger", "recurring", "daily"),
        ("event_sink", "sink_configuration", {**SINK["sink_configuration"], "destination": "https://b.example"}),
        ("event_sink", "sink_configuration", {**SINK["sink_configuration"], "batch_events": True}),
        ("event_sink", "sink_configuration", {**SINK["sink_configuration"], "method": "GET"}),
        ("event_subscription", "sink_sid", "DG" + "2" * 32),
        ("api_key", "account_sid", "AC" + "2" * 32),
    ],
)  # fmt: skip
def test_what_twilio_cannot_update_is_replaced(plugin, kind, field, value):
    assert plugin.diff(kind, "X1", KINDS[kind], {**KINDS[kind], field: value}) == (True, [field])


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("usage_trigger", "friendly_name", "other"),
        ("usage_trigger", "callback_url", "https://b.example/x"),
        ("usage_trigger", "callback_method", "GET"),
        ("event_sink", "description", "other"),
        ("event_subscription", "description", "other"),
        ("event_subscription", "types", ["com.twilio.messaging.message.sent"]),
        ("api_key", "friendly_name", "other"),
        ("api_key", "policy", ["/twilio/voice/calls/create"]),
        ("subaccount", "friendly_name", "Other (acme)"),
        ("retention", "messages", {"keep_days": "31", "action": "delete"}),
    ],
)
def test_what_twilio_can_update_is_updated(plugin, kind, field, value):
    assert plugin.diff(kind, "X1", KINDS[kind], {**KINDS[kind], field: value}) == (True, [])


@pytest.mark.parametrize(("old", "new"), [(KEY, RESTRICTED), (RESTRICTED, KEY)])
def test_a_key_of_the_other_type_is_another_key(plugin, old, new):
    assert plugin.diff("api_key", "SK1", old, new) == (True, ["policy"])


@pytest.mark.parametrize("name", CHILDREN)
def test_an_entry_that_is_to_take_over_another_object_is_replaced(plugin, name):
    kind, sample = CHILDREN[name]
    assert plugin.diff(kind, "X1", sample, {**sample, "adopt": "X2"}) == (True, ["adopt"])
    assert plugin.diff(kind, "X1", sample, {**sample, "adopt": "X1"}) == (False, [])


def test_the_provider_in_the_inputs_is_no_difference_whatever_its_bytes(plugin):
    assert plugin.diff("api_key", "SK1", {**KEY, "__provider": "older"}, KEY) == (False, [])
