"""Reading many tenants: one call each, and a reason for each that can't be read."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from usage_world import MARCH, World

from faketwilio.control.console import act
from tenantry.model.usage_period import UsagePeriod, last_whole_month, read_month
from tenantry.operations.errors import StoppedError
from tenantry.operations.usage.periods import choose_month
from tenantry.twilio.errors import WrongParent

SMS = ("2026-03-01", "sms-outbound-longcode", 5, 7, "0.0553")


def test_one_call_a_tenant_and_never_with_subaccounts(world: World):
    for number in range(5):
        world.tenant(f"t{number}")
    world.gather()
    log = world.fake.store.request_log.log
    calls = Counter(path for _, _, path, _, _ in log if "/Usage/" in path)
    assert len(calls) == 5
    assert set(calls.values()) == {1}


def test_figures_are_exact_to_the_last_digit(world: World, acme: str):
    world.use(acme, ("2026-03-01", "sms-inbound", 1, 1, "123456789.123456789012"), SMS)
    usage = world.usage_of("acme")
    assert usage.price == Decimal("123456789.178756789012")
    assert usage.reconciliation is not None
    assert usage.reconciliation.difference == 0
    assert usage.reconciliation.rows == ()


def test_days_outside_of_the_period_are_not_counted(world: World, acme: str):
    world.use(acme, ("2026-02-28", *SMS[1:]), SMS, ("2026-03-31", *SMS[1:]), ("2026-04-01", *SMS[1:]))
    assert world.usage_of("acme").price == Decimal("0.1106")


def test_a_category_that_was_not_used_is_absent(world: World, acme: str):
    world.use(acme, SMS)
    names = [category.category for category in world.usage_of("acme").categories]
    assert names == ["sms", "sms-outbound", "sms-outbound-longcode"]


@pytest.mark.parametrize("figures", ["null", "empty", "0"])
def test_figures_that_are_missing_are_not_zero(world: World, acme: str, figures: str):
    world.switch(unused_figures=figures)
    world.use(acme, ("2026-03-01", "sms-inbound", 3, 3, "0"))
    [sms, _] = world.usage_of("acme").categories
    assert (sms.count, sms.price) == (3, Decimal(0) if figures == "0" else None)


def test_a_tenant_that_used_nothing_has_a_total_of_zero(world: World, acme: str):
    usage = world.usage_of("acme")
    assert (usage.availability, usage.price, usage.categories) == ("read", 0, ())


def test_404_is_not_available_and_never_zero(world: World, acme: str):
    world.tenant("birch")
    world.switch(accounts_without_usage=[acme])
    gathered = world.gather()
    report = world.report()
    assert [(tenant.tenant, tenant.availability, tenant.price) for tenant in report.tenants] == [
        ("acme", "not_available", None),
        ("birch", "read", 0),
    ]
    assert "(404)" in str(report.tenants[0].reason)
    assert (gathered.exit_code, report.not_available) == (2, 1)


def test_an_account_closed_for_over_30_days_is_not_available(world: World, acme: str):
    world.use(acme, SMS)
    act(world.fake.store, {"set": acme, "fields": {"status": "closed"}})
    assert world.usage_of("acme").price == Decimal("0.0553")
    world.fake.store.clock.advance(31 * 86400)
    assert world.usage_of("acme").availability == "not_available"


def test_a_suspended_account_is_read(world: World, acme: str):
    world.use(acme, SMS)
    act(world.fake.store, {"set": acme, "fields": {"status": "suspended"}})
    usage = world.usage_of("acme")
    assert (usage.status, usage.price) == ("suspended", Decimal("0.0553"))


def test_a_tenant_without_an_account_is_not_available(world: World, acme: str):
    world.tenant("birch", account=False)
    world.tenant("cedar", "state: released\n", account=False)
    reasons = {tenant.tenant: str(tenant.reason) for tenant in world.report().tenants if tenant.reason}
    assert "`tenantry up` makes it" in reasons["birch"]
    assert "released" in reasons["cedar"]


def test_one_failing_tenant_leaves_the_others(world: World, acme: str):
    world.tenant("birch")
    world.fail("error", f"/2010-04-01/Accounts/{acme}/Usage/*", status=400, code=20001, times=None)
    gathered = world.gather()
    report = world.report()
    assert [tenant.availability for tenant in report.tenants] == ["failed", "read"]
    assert (gathered.exit_code, report.failed) == (1, 1)


def test_only_those_named_are_read(world: World, acme: str):
    world.tenant("birch")
    assert [tenant.account.slug for tenant in world.gather("birch").tenants] == ["birch"]


def test_an_adopted_account_needs_no_state(world: World):
    sid = world.account("By hand")
    world.tenant("acme", f"account: {{adopt: {sid}}}\n", account=False)
    world.use(sid, SMS)
    assert world.usage_of("acme").price == Decimal("0.0553")


def test_the_parent_of_the_stack_is_checked_first(world: World, acme: str):
    (world.folder / "tenantry.yaml").write_text(f"format: 1\nstacks: {{dev: {{parent: AC{'e' * 32}}}}}\n")
    with pytest.raises(WrongParent):
        world.gather()


def test_the_month_before_now_is_the_default():
    assert last_whole_month(datetime(2026, 1, 1, tzinfo=UTC)) == read_month("2025-12")
    assert last_whole_month(datetime(2028, 3, 31, 23, 59, tzinfo=UTC)) == read_month("2028-02")


def test_a_period_that_has_not_begun_is_refused():
    with pytest.raises(StoppedError, match="has not begun"):
        choose_month("2026-03", datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC), "Nothing was read")
    assert choose_month("2026-03", datetime(2026, 3, 1, tzinfo=UTC), "Nothing was read") == MARCH


def test_a_period_that_is_not_over_says_so(world: World, acme: str):
    report = world.report(now=datetime(2026, 3, 31, 23, tzinfo=UTC))
    assert (report.period.is_over, world.report().period.is_over) == (False, True)


def test_a_leap_day_is_a_day():
    assert (read_month("2028-02").days, read_month("2027-02").days) == (29, 28)
    with pytest.raises(ValueError, match="comes before"):
        UsagePeriod(MARCH.last, MARCH.first)
