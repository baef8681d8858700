"""From manifests and state to the export."""

from datetime import UTC, date, datetime

import pytest
from stack_state import ACCOUNT, PARENT, account, acme, child, fleet, manifests, save_resource, sid, state, tenant

from tenantry.ledger.suspensions import Suspension
from tenantry.ledger.values import StackRef
from tenantry.operations.export.gather import ExportError, find_not_applied, gather, select_tenants
from tenantry.operations.ledger.held import Held


def exported_tenant(*resources, manifest=None):
    return gather("dev", manifests(manifest or tenant()), state(fleet(), *resources)).tenants[0]


def test_an_export_names_its_stack_and_parent_and_sorts_its_tenants():
    export = gather("dev", manifests(tenant("zoo"), tenant("acme")), state(fleet(), account("kiwi"), account("acme")))
    assert (export.format, export.stack, export.parent) == (1, "dev", PARENT)
    assert [item.tenant for item in export.tenants] == ["acme", "kiwi", "zoo"]


def test_who_the_tenant_is_comes_from_the_manifest():
    manifest = tenant(customer="smile-group", plan="medium", profiles=["b", "a"], labels={"z": "1", "crm_id": "0012x"})
    item = exported_tenant(account(), manifest=manifest)
    assert (item.customer, item.name, item.plan, item.profiles) == ("smile-group", "Acme", "medium", ("b", "a"))
    assert list(item.labels.items()) == [("crm_id", "0012x"), ("z", "1")]


def test_the_customer_is_the_tenant_itself_unless_another_is_named():
    assert exported_tenant(account()).customer == "acme"


def test_a_tenant_without_a_manifest_is_exported_as_unmanaged():
    (item,) = gather("dev", {}, state(account())).tenants
    assert (item.managed, item.account_sid, item.name, item.customer, item.state) == (False, ACCOUNT, None, None, None)


def test_an_observed_tenant_has_the_account_of_its_manifest():
    observed = tenant("birch", account={"adopt": sid("AC", 7)}, manage="observe")
    export = gather("dev", manifests(tenant("acme"), observed), state(fleet(), account("acme")))
    assert export.tenants[1].account_sid == sid("AC", 7)
    assert find_not_applied(export) == ()


def test_an_unapplied_tenant_has_no_account_and_does_not_wait():
    export = gather("dev", manifests(tenant("acme"), tenant("birch")), state(fleet(), account("acme")))
    birch = export.tenants[1]
    assert (birch.account_sid, birch.waiting, birch.status, birch.api_keys) == (None, False, None, {})
    assert find_not_applied(export) == ("birch",)


def test_no_account_is_missed_of_a_tenant_that_is_to_have_none():
    gone = [tenant("elm", state="closed", close_after="2026-12-31"), tenant("fern", state="released")]
    assert find_not_applied(gather("dev", manifests(*gone), state(fleet()))) == ()


def test_ids_that_wait_are_no_sids():
    item = exported_tenant(
        account(id_="waiting-acme", status="missing"), child("api_key", "acme/api_key/web-1", "waiting-web#1")
    )
    assert (item.account_sid, item.waiting, item.status) == (None, True, None)
    assert item.api_keys["web"].current is None
    assert item.api_keys["web"].generations[0].model_dump() == {
        "generation": 1,
        "sid": None,
        "waiting": True,
        "secret_known": False,
        "held_since": None,
    }


def test_the_current_generation_is_the_highest_that_exists():
    item = exported_tenant(
        *acme(), child("api_key", "acme/api_key/web-3", "waiting-web#3"), child("api_key", "acme/api_key/web-0", "SK0")
    )
    web = item.api_keys["web"]
    assert [generation.generation for generation in web.generations] == [0, 1, 2, 3]
    assert web.current == 2
    assert web.current_generation is not None
    assert web.current_generation.sid == sid("SK", 2)


def test_a_key_name_may_end_in_a_number_itself():
    item = exported_tenant(account(), child("api_key", "acme/api_key/web-2-11", "SK1"))
    assert [(name, key.current) for name, key in item.api_keys.items()] == [("web-2", 11)]


def test_access_is_standard_or_the_permissions():
    keys = exported_tenant(*acme()).api_keys
    assert keys["web"].access == "standard"
    assert keys["sender"].access == ("/twilio/messaging/messages/create", "/twilio/messaging/messages/list")


def test_a_key_that_was_taken_over_has_no_known_secret():
    known = {
        generation.generation: generation.secret_known
        for generation in exported_tenant(*acme()).api_keys["web"].generations
    }
    assert known == {1: False, 2: True}


def test_triggers_webhook_and_flags_are_exported():
    item = exported_tenant(*acme())
    assert {name: trigger.sid for name, trigger in item.usage_triggers.items()} == {
        "daily-spend": None,
        "monthly-sms": sid("UT", 1),
    }
    assert item.debugger_webhook is not None
    assert item.debugger_webhook.sink is not None
    assert item.debugger_webhook.subscription is not None
    assert (item.debugger_webhook.sink.sid, item.debugger_webhook.subscription.sid) == (sid("DG", 1), sid("DF", 1))
    assert item.per_request.model_dump() == {"content_retention": "discard", "address_retention": None}


def test_a_sink_without_its_subscription_is_told_as_that():
    item = exported_tenant(account(), child("event_sink", "acme/event_sink/debugger", sid("DG", 1)))
    assert item.debugger_webhook is not None
    assert item.debugger_webhook.subscription is None


@pytest.mark.parametrize(
    ("account_says", "state_says", "status"),
    [
        ("active", None, "active"),
        ("active", "suspended", "suspended"),  # the account was active when it was made, and suspended last
        ("active", "closed", "closed"),
        ("closed", "suspended", "closed"),
        ("missing", "suspended", "missing"),
    ],
)
def test_status_is_what_twilio_said_last(account_says, state_says, status):
    text = [child("account_state", "acme/account_state", ACCOUNT, status=state_says)] if state_says else []
    assert exported_tenant(account(status=account_says), *text).status == status


def test_a_closed_tenant_tells_its_day():
    item = exported_tenant(account(), manifest=tenant(state="closed", close_after="2026-12-31"))
    assert (item.state, item.close_after) == ("closed", date(2026, 12, 31))


def test_an_empty_stack_is_an_error_with_the_next_step():
    with pytest.raises(ExportError, match=r"'dev' holds nothing yet.*tenantry up"):
        gather("dev", manifests(tenant()), ())


def test_a_fleet_alone_is_not_an_empty_stack():
    assert gather("dev", {}, state(save_resource("fleet", "fleet", "fleet"))).parent is None


def test_only_takes_exactly_the_named_tenants():
    export = gather("dev", manifests(tenant("acme"), tenant("acme-2"), tenant("birch")), state(fleet()))
    assert [item.tenant for item in select_tenants(export, ["birch", "acme", "acme"]).tenants] == ["acme", "birch"]


def test_an_unknown_tenant_is_an_error_with_a_guess():
    export = gather("dev", manifests(tenant("acme")), state(fleet()))
    with pytest.raises(ExportError, match="--only acmee: the stack 'dev' has no such tenant; did you mean 'acme'"):
        select_tenants(export, ["acmee"])
    with pytest.raises(ExportError, match="without --only lists all"):
        select_tenants(export, ["quince"])


def test_an_empty_name_is_not_every_tenant():
    with pytest.raises(ExportError, match="--only '': the stack 'dev' has no such tenant"):
        select_tenants(gather("dev", manifests(tenant("acme")), state(fleet())), [""])


def test_objects_of_every_kind_are_exported_by_their_name_in_the_stack():
    objects = exported_tenant(*acme()).objects
    assert list(objects) == ["api_key", "usage_trigger", "event_sink", "event_subscription"]
    assert list(objects["api_key"]) == ["sender-10", "web-1", "web-2"]
    assert objects["api_key"]["web-1"].sid == sid("SK", 1)
    assert objects["usage_trigger"]["daily-spend"].waiting


def test_why_a_tenant_is_suspended_comes_from_the_ledger():
    since = datetime(2026, 11, 15, 12, tzinfo=UTC)
    row = Suspension(1, StackRef(PARENT), "acme", ACCOUNT, "cap", since, None, "monthly-sms", "tenantry", since)
    [item] = gather("dev", manifests(tenant()), state(fleet(), account()), Held((row,))).tenants
    assert [(reason.reason, reason.by) for reason in item.suspended_for] == [("cap", "tenantry")]
