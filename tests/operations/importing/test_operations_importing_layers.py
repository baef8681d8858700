"""Which layers are derived, and how tenants are written over them."""

import random

import pytest
from importing_world import HOOKS, TODAY

from tenantry.model.resources import resources_of
from tenantry.operations.importing.drafts import draft_tenants
from tenantry.operations.importing.layers import derive_layers
from tenantry.operations.importing.read import read_accounts
from tenantry.operations.importing.slugs import assign_slugs
from tenantry.twilio.session import Session


def values(fleet, slug):
    """What a tenant comes to, without the SIDs that are its own."""
    tenant = fleet.loaded.tenants[slug]
    return {item.name.partition("/")[2]: item.spec.props() for item in resources_of(tenant, TODAY)}


def test_plans_are_named_after_what_they_set(fleet):
    for number in range(10):
        fleet.customer(f"Practice {number}", f"practice-{number}", 1000 if number % 2 else 5000)
    report = fleet.run().report
    assert [layer.file for layer in report.layers] == ["defaults.yaml", "plans/sms-1000.yaml", "plans/sms-5000.yaml"]
    assert [layer.tenants for layer in report.layers] == [10, 5, 5]
    assert {item.plan for item in report.imported} == {"sms-1000", "sms-5000"}
    assert max(item.lines for item in report.imported) <= 10
    assert fleet.drift() == []


def test_an_error_url_with_the_slug_is_shared(fleet):
    fleet.customer("Acme", "acme")
    fleet.customer("Birch", "birch")
    fleet.run()
    assert f'url: "{HOOKS}/errors/{{tenant}}"' in fleet.text("defaults.yaml")
    sink = values(fleet, "birch")["event_sink/debugger"]
    assert sink["sink_configuration"]["destination"] == f"{HOOKS}/errors/birch"


def test_who_differs_from_a_plan_says_only_that(fleet):
    for number in range(12):
        fleet.customer(f"Practice {number}", f"practice-{number}", 1000 if number % 2 else 5000)
    odd = fleet.customer("Odd", "odd", 1234)
    fleet.run()
    text = fleet.text("tenants/odd.yaml")
    assert odd in text
    assert "trigger_value: 1234" in text
    assert "usage_category" not in text
    assert fleet.drift() == []


def test_who_lacks_what_nearly_all_have_says_null(fleet):
    for number in range(10):
        fleet.customer(f"Practice {number}", f"practice-{number}")
    fleet.account("Empty")
    fleet.run()
    assert "api_keys: {sender: null, web: null}" in fleet.text("tenants/empty.yaml")
    assert fleet.loaded.tenants["empty"].api_keys == {}


def test_layers_of_people_are_used_and_stay_but_for_their_prices(fleet):
    fleet.customer("Acme", "acme")
    fleet.run()
    (fleet.folder / "plans").mkdir()
    trigger = (
        f"{{usage_category: sms, trigger_by: count, trigger_value: 77, recurring: monthly, callback_url: {HOOKS}/u}}"
    )
    entries = f"usage_triggers: {{monthly-sms: {trigger}}}\n"
    (fleet.folder / "plans/free.yaml").write_text(entries)
    terms = "terms: {currency: usd, fees: {base: 10}, charges: {}}\n"
    (fleet.folder / "plans/paid.yaml").write_text(f"{entries.replace('count', 'price')}{terms}")
    for number, by in enumerate(("count", "price")):
        account = fleet.account(f"New {number}")
        fleet.trigger(account, "Monthly SMS", value=77, trigger_by=by, callback_url=f"{HOOKS}/u")
    before = fleet.text("plans/free.yaml")
    assert {item.tenant: item.plan for item in fleet.run().report.imported} == {"new-0": "free", "new-1": "free"}
    assert fleet.text("plans/free.yaml") == before
    assert "trigger_by: price" in fleet.text("tenants/new-1.yaml")
    assert fleet.drift() == []


def test_one_account_shares_nothing(fleet):
    fleet.customer("Acme", "acme")
    report = fleet.run().report
    assert report.layers == ()
    assert not (fleet.folder / "defaults.yaml").exists()
    assert fleet.drift() == []


def test_without_plans_each_manifest_is_whole(fleet):
    for number in range(6):
        fleet.customer(f"Practice {number}", f"practice-{number}")
    report = fleet.run(plans="none").report
    assert report.layers == ()
    assert not (fleet.folder / "plans").exists()
    assert fleet.drift() == []


@pytest.mark.parametrize("first", [{"only": ("Empty",)}, {"plans": "none"}])
def test_a_later_import_never_changes_tenants_through_layers(fleet, first):
    fleet.account("Empty")
    fleet.run(**first)
    for number in range(5):
        fleet.customer(f"Practice {number}", f"practice-{number}")
    report = fleet.run().report
    assert [(layer.file, layer.tenants) for layer in report.layers] == [("plans/sms-1000.yaml", 5)]
    assert fleet.loaded.tenants["empty"].api_keys == {}
    assert fleet.drift() == []


def test_some_accounts_say_nothing_of_what_all_have(fleet):
    for number in range(3):
        fleet.customer(f"Practice {number}", f"practice-{number}")
    assert fleet.run(only=("Practice 0", "Practice 1")).report.layers == ()


def test_the_tenants_of_another_stack_keep_what_they_have(fleet):
    for number in range(2):
        fleet.customer(f"Practice {number}", f"practice-{number}")
    fleet.folder.mkdir()
    (fleet.folder / "tenantry.yaml").write_text(
        f"format: 1\nstacks: {{production: {{parent: {fleet.fake.account_sid}}}, other: {{tenants: elsewhere}}}}\n"
    )
    (fleet.folder / "elsewhere").mkdir()
    (fleet.folder / "elsewhere/acme.yaml").write_text("tenant: acme\nname: Acme\n")
    fleet.run()
    assert not (fleet.folder / "defaults.yaml").exists()


def test_the_order_of_the_tenants_changes_nothing(fleet):
    for number in range(12):
        fleet.customer(f"Practice {number:02}", f"practice-{number:02}", 1000 if number < 6 else 5000)
    session = Session.from_env(fleet.environ)
    accounts = session.subaccounts.all()
    drafts = list(
        draft_tenants(read_accounts(session, accounts, lambda _: None), assign_slugs(accounts, {}, ()), observe=False)
    )
    first = derive_layers(drafts)
    random.Random(1).shuffle(drafts)
    assert derive_layers(drafts) == first
    assert len(first.plans) == 2


@pytest.mark.parametrize("seed", range(5))
def test_any_fleet_comes_to_exactly_what_is_live(fleet, seed):
    chance = random.Random(seed)
    for number in range(15):
        account = fleet.account(f"Practice {number}")
        for name in chance.sample(["Web", "Sender", "Other", "Web"], chance.randrange(4)):
            fleet.key(account, name, chance.choice([None, ["/twilio/messaging/messages/create"]]))
        for name in chance.sample(["SMS", "Calls", "Spend"], chance.randrange(3)):
            fleet.trigger(account, name, value=chance.choice([10, 20]), recurring=chance.choice([None, "daily"]))
        if chance.randrange(2):
            fleet.webhook(account, chance.choice([f"{HOOKS}/a", f"{HOOKS}/b"]))
    fleet.run()
    assert fleet.drift() == []
