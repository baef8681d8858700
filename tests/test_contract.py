"""The contract: names, types, dotted paths and props are in users' state. Add to this file, never change a line."""

import base64
import json
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

from tenantry.model.fleet import fleet_of
from tenantry.model.resources import resources_of
from tenantry.model.secret_sink import PrivateFiles
from tenantry.model.sink_target import target_of
from tenantry.model.subaccount import account_name
from tenantry.model.tenant import Tenant
from tenantry.providers import RESOURCES
from tenantry.providers.resource import serialized
from tenantry.secret_sinks.registry import SINKS, open_sink
from tenantry.secret_sinks.secret import KeySecret

TODAY = date(2026, 11, 22)

TYPES = {
    "fleet": "pulumi-python:dynamic/twilio:Fleet",
    "subaccount": "pulumi-python:dynamic/twilio:Subaccount",
    "account_state": "pulumi-python:dynamic/twilio:AccountState",
    "api_key": "pulumi-python:dynamic/twilio:ApiKey",
    "usage_trigger": "pulumi-python:dynamic/twilio:UsageTrigger",
    "event_sink": "pulumi-python:dynamic/twilio:EventSink",
    "event_subscription": "pulumi-python:dynamic/twilio:EventSubscription",
    "retention": "pulumi-python:dynamic/twilio:Retention",
}

PROVIDERS = {
    "fleet": "tenantry.providers.fleet.FleetProvider",
    "subaccount": "tenantry.providers.subaccount.SubaccountProvider",
    "account_state": "tenantry.providers.account_state.AccountStateProvider",
    "api_key": "tenantry.providers.api_key.ApiKeyProvider",
    "usage_trigger": "tenantry.providers.usage_trigger.UsageTriggerProvider",
    "event_sink": "tenantry.providers.event_sink.EventSinkProvider",
    "event_subscription": "tenantry.providers.event_subscription.EventSubscriptionProvider",
    "retention": "tenantry.providers.retention.RetentionProvider",
}

SUSPENDED = {
    "acme": {"slug": "acme", "friendly_name": "Acme Dental (acme)", "active": False},
    "acme/api_key/sender-1": {
        "frozen": True,
        "friendly_name": "sender#1",
        "policy": ["/twilio/messaging/messages/create", "/twilio/messaging/messages/read"],
    },
    "acme/api_key/web-1": {"frozen": True, "friendly_name": "web#1", "adopt": "SK" + "1" * 32},
    "acme/api_key/web-2": {"frozen": True, "friendly_name": "web#2"},
    "acme/usage_trigger/monthly-sms": {
        "frozen": True,
        "friendly_name": "monthly-sms",
        "usage_category": "sms",
        "trigger_by": "count",
        "trigger_value": "1000.5",
        "recurring": "monthly",
        "callback_url": "https://hooks.owl.example/usage",
        "callback_method": "POST",
    },
    "acme/usage_trigger/once": {
        "frozen": True,
        "friendly_name": "once",
        "usage_category": "totalprice",
        "trigger_by": "usage",
        "trigger_value": "50",
        "callback_url": "https://hooks.owl.example/usage",
        "callback_method": "POST",
    },
    "acme/event_sink/debugger": {
        "frozen": True,
        "description": "tenantry:debugger",
        "sink_type": "webhook",
        "sink_configuration": {
            "destination": "https://hooks.owl.example/errors/acme",
            "method": "POST",
            "batch_events": False,
        },
    },
    "acme/event_subscription/debugger": {
        "frozen": True,
        "description": "tenantry:debugger",
        "types": ["com.twilio.error-logs.error.logged"],
    },
    "acme/retention": {
        "frozen": True,
        "messages": {"keep_days": "30", "action": "redact"},
        "calls": {"keep_days": "90", "action": "delete"},
        "per_request": {"content_retention": "discard"},
    },
    "acme/account_state": {"status": "suspended"},
}


def tenant(**changes) -> Tenant:
    written = {
        "tenant": "acme",
        "name": "Acme Dental",
        "state": "suspended",
        "api_keys": {
            "web": {"access": "standard", "generations": [1, 2], "adopt": "SK" + "1" * 32},
            "sender": {"access": ["@sender", "/twilio/messaging/messages/read"]},
        },
        "usage_triggers": {
            "monthly-sms": {
                "usage_category": "sms",
                "trigger_by": "count",
                "trigger_value": Decimal("1000.50"),
                "recurring": "monthly",
                "callback_url": "/usage",
            },
            "once": {"usage_category": "totalprice", "trigger_value": 50, "callback_url": "/usage"},
        },
        "debugger_webhook": {"url": "/errors/{tenant}"},
        "retention": {
            "messages": {"keep_days": 30, "action": "redact"},
            "calls": {"keep_days": 90},
            "per_request": {"content_retention": "discard"},
        },
    }
    context = {
        "webhooks": "https://hooks.owl.example",
        "tenant": "acme",
        "permission_sets": {"sender": ("/twilio/messaging/messages/create",)},
    }
    return Tenant.model_validate({**written, **changes}, context=context)


def test_type_tokens_are_as_in_users_state():
    assert {kind: resource.token for kind, resource in RESOURCES.items()} == TYPES


def test_providers_are_saved_by_their_dotted_path():
    for kind, path in PROVIDERS.items():
        provider = RESOURCES[kind].provider
        assert f"{provider.__module__}.{provider.__qualname__}" == path
        saved = base64.b64decode(serialized(provider))
        assert type(pickle.loads(saved)) is provider
        assert len(saved) < 120, "the class is saved by value, so its code would be in every state"


def test_names_and_props_are_as_in_users_state():
    assert {resource.name: resource.spec.props() for resource in resources_of(tenant(), TODAY)} == SUSPENDED


def test_the_account_of_an_open_tenant_has_no_state_of_ours():
    resources = resources_of(tenant(state=None), TODAY)
    assert resources[0].spec.props() == {"slug": "acme", "friendly_name": "Acme Dental (acme)"}
    assert all("frozen" not in resource.spec.props() for resource in resources)
    assert "acme/account_state" not in {resource.name for resource in resources}


def test_an_active_tenant_says_so():
    assert resources_of(tenant(state="active"), TODAY)[0].spec.props()["active"] is True


def test_a_closed_tenant_is_suspended_until_its_day_and_until_it_is_named():
    closed = tenant(state="closed", close_after="2026-11-22")
    assert resources_of(closed, TODAY)[-1].spec.props() == {"status": "suspended"}
    assert resources_of(closed, date(2026, 11, 21), {"acme"})[-1].spec.props() == {"status": "suspended"}
    assert resources_of(closed, TODAY, {"acme"})[-1].spec.props() == {"status": "closed"}
    assert resources_of(closed, TODAY)[0].spec.props() == {
        "slug": "acme",
        "friendly_name": "Acme Dental (acme)",
        "active": False,
        "ending": "closed",
    }


def test_a_released_tenant_is_frozen_and_retained():
    account, *children = resources_of(tenant(state="released"), TODAY)
    assert account.spec.props() == {"slug": "acme", "friendly_name": "Acme Dental (acme)", "ending": "released"}
    assert all(child.retain_on_delete for child in (account, *children))
    assert all(child.spec.props()["frozen"] and child.spec.props()["released"] for child in children)


def test_the_fleet_knows_where_each_tenant_stands():
    tenants = [
        tenant(),
        tenant(tenant="birch", state=None),
        tenant(tenant="cedar", state="active"),
        tenant(tenant="elm", state="closed", close_after="2026-11-22"),
        tenant(tenant="fir", state="closed", close_after="2026-11-22"),
        tenant(tenant="oak", state="closed", close_after="2026-11-23"),
        tenant(tenant="yew", state="released"),
    ]
    assert fleet_of(tenants, TODAY, {"fir"}).props() == {
        "standing": {
            "acme": "suspended",
            "birch": "open",
            "cedar": "open",
            "elm": "due",
            "fir": "closed",
            "oak": "suspended",
            "yew": "released",
        }
    }


def test_account_names_end_in_the_slug_and_fit_64_characters():
    assert account_name("Acme Dental", "acme") == "Acme Dental (acme)"
    assert account_name("x" * 64, "a" * 32) == f"{'x' * 29} ({'a' * 32})"
    assert len(account_name("x" * 64, "acme")) == 64


SINK_VALUE = {"accountSid": "AC" + "a" * 32, "apiKeySid": "SK" + "1" * 32, "apiKeySecret": "the secret"}
SINK_MARKS = {
    "tenantry/stack": "dev",
    "tenantry/tenant": "acme",
    "tenantry/key": "web",
    "tenantry/generation": "2",
    "tenantry/account-sid": "AC" + "a" * 32,
    "tenantry/api-key-sid": "SK" + "1" * 32,
    "tenantry/delivered-at": "2026-11-30T12:00:05Z",
}


def delivered_key() -> KeySecret:
    return KeySecret("dev", "acme", "web", 2, "AC" + "a" * 32, "SK" + "1" * 32, "the secret")


def test_a_sink_holds_these_fields_and_these_marks_beside_them():
    assert delivered_key().value() == SINK_VALUE
    assert delivered_key().marks(datetime(2026, 11, 30, 12, 0, 5, 999, UTC)) == SINK_MARKS


def test_private_files_are_a_value_and_its_marks(tmp_path):
    settings = PrivateFiles(type="private_files", folder=str(tmp_path / "keys"))
    target = target_of(settings, stack="dev", tenant="acme", key="web")
    open_sink(settings, lambda: datetime(2026, 11, 30, 12, 0, 5, tzinfo=UTC)).put(target.name, delivered_key())
    files = {str(path.relative_to(tmp_path)): json.loads(path.read_text()) for path in tmp_path.rglob("*.json")}
    assert files == {"keys/acme/web.json": SINK_VALUE, "keys/acme/web.meta.json": SINK_MARKS}


def test_sinks_are_called_as_in_users_settings():
    assert list(SINKS) == ["aws_secrets_manager", "vault_kv2", "kubernetes", "private_files"]


def test_the_fleet_remembers_holds_and_has_no_key_without_one():
    hold = {"reason": "claim 12", "since": "2026-11-01", "by": "ana"}
    released = {**hold, "released": {"by": "ben", "on": "2026-11-20"}}
    tenants = [tenant(hold=hold), tenant(tenant="birch", hold=released), tenant(tenant="cedar")]
    assert fleet_of(tenants, TODAY).props()["held"] == {"acme": "held", "birch": "released"}
    assert "held" not in fleet_of([tenant()], TODAY).props()


def test_retention_of_transcriptions_and_of_closed_months_is_in_the_state_where_it_is_written():
    written = {"transcriptions": {"keep_days": 7}, "after_reconciliation": True}
    props = {resource.name: resource.spec.props() for resource in resources_of(tenant(retention=written), TODAY)}
    assert props["acme/retention"] == {
        "frozen": True,
        "transcriptions": {"keep_days": "7", "action": "delete"},
        "after_reconciliation": True,
    }
