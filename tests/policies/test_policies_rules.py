"""Each rule on its own: plain data in, sentences out."""

import pytest
from tenant_rules import RULES
from tenant_rules.https_urls import HTTPS_URLS
from tenant_rules.iam_wildcards import NO_IAM_WILDCARDS
from tenant_rules.key_generations import KEY_GENERATIONS
from tenant_rules.rule import Resource, Tenant
from tenant_rules.spend_trigger import SPEND_TRIGGER
from tenant_rules.watched_errors import WATCHED_ERRORS

SPEND = {
    "usage_category": "totalprice",
    "trigger_by": "price",
    "recurring": "daily",
    "callback_url": "https://hooks.owl.example/spend",
}


def trigger(**changes) -> Resource:
    props = {**SPEND, **changes}
    return Resource("UsageTrigger", "acme/usage_trigger/spend", {k: v for k, v in props.items() if v is not None})


def sink(destination: str) -> Resource:
    return Resource("EventSink", "acme/event_sink/debugger", {"sink_configuration": {"destination": destination}})


def key(name: str, *policy: str) -> Resource:
    return Resource("ApiKey", f"acme/api_key/{name}", {"policy": list(policy)} if policy else {})


def acme(*resources: Resource) -> Tenant:
    return Tenant("acme", resources)


@pytest.mark.parametrize("watch", [{}, {"recurring": "monthly"}, {"trigger_by": "usage"}])
def test_a_recurring_trigger_on_spend_is_enough(watch):
    assert list(SPEND_TRIGGER.check(acme(trigger(usage_category="sms"), trigger(**watch)))) == []


@pytest.mark.parametrize("watch", [{"usage_category": "sms"}, {"trigger_by": "count"}, {"recurring": None}])
def test_a_tenant_whose_spend_nobody_watches_is_told_what_to_add(watch):
    [sentence] = SPEND_TRIGGER.check(acme(trigger(**watch)))
    assert sentence.startswith("acme has no recurring usage trigger on its spend; add an entry")


@pytest.mark.parametrize("resource", [trigger(), trigger(callback_url="HTTPS://hooks.owl.example"), key("web-1")])
def test_https_and_what_has_no_url_pass(resource):
    assert list(HTTPS_URLS.check(resource)) == []


def test_a_callback_in_clear_is_named_with_its_url():
    assert list(HTTPS_URLS.check(trigger(callback_url="http://hooks.owl.example/spend"))) == [
        "acme/usage_trigger/spend sends to http://hooks.owl.example/spend, in clear; "
        "write callback_url as an https:// URL"
    ]


def test_errors_sent_in_clear_are_named_with_their_url():
    assert list(HTTPS_URLS.check(sink("http://hooks.owl.example/errors"))) == [
        "acme/event_sink/debugger sends to http://hooks.owl.example/errors, in clear; "
        "write debugger_webhook.url as an https:// URL"
    ]


@pytest.mark.parametrize(
    "resource",
    [
        trigger(),
        key("web-1"),
        key("ops-1", "/twilio/iam/api-keys/list", "/twilio/messaging/messages/*"),
    ],
)
def test_standard_keys_and_named_permissions_pass(resource):
    assert list(NO_IAM_WILDCARDS.check(resource)) == []


def test_each_wildcard_on_iam_is_named():
    found = list(NO_IAM_WILDCARDS.check(key("ops-1", "/twilio/iam/api-keys/*", "/twilio/iam/account-oauth-apps/*")))
    assert [sentence.partition(";")[0] for sentence in found] == [
        "acme/api_key/ops-1 has /twilio/iam/api-keys/*",
        "acme/api_key/ops-1 has /twilio/iam/account-oauth-apps/*",
    ]


def test_a_tenant_with_a_debugger_webhook_passes():
    assert list(WATCHED_ERRORS.check(acme(sink("https://hooks.owl.example/errors")))) == []


def test_a_tenant_whose_errors_nobody_hears_of_is_told_what_to_add():
    assert list(WATCHED_ERRORS.check(acme(trigger()))) == [
        "acme has no debugger_webhook; add one to its manifest, its plan or defaults.yaml"
    ]


def test_two_generations_of_each_key_pass():
    assert list(KEY_GENERATIONS.check(acme(key("web-1"), key("web-2"), key("web-2-1"), key("sender-9")))) == []


def test_a_third_live_generation_is_named_with_its_key():
    [sentence] = KEY_GENERATIONS.check(acme(key("web-1"), key("sender-1"), key("web-2"), key("web-10")))
    assert sentence.startswith("acme has 3 live generations of the key web, 2 are enough; ")


def test_ids_are_unique_and_levels_are_pulumis():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {rule.level for rule in RULES} <= {"advisory", "mandatory"}


def test_ids_stay_as_they_are_in_reports_and_configurations():
    assert [rule.id for rule in RULES] == [
        "spend-trigger",
        "https-urls",
        "no-iam-wildcards",
        "watched-errors",
        "key-generations",
    ]
