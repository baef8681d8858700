"""The parent's record with all its subaccounts against what was read of each account."""

from decimal import Decimal

import pytest
from usage_world import World

from tenantry.operations.usage import fleet


def use(world: World, sid: str, price: str) -> None:
    world.use(sid, ("2026-03-01", "sms-inbound", 1, 1, price))


@pytest.fixture
def stranger(world: World, acme: str) -> str:
    """An account that is no tenant's, beside the tenants acme and birch; all of them and the parent used something."""
    birch, stranger = str(world.tenant("birch")), world.account("By hand")
    for sid, price in ((world.fake.account_sid, "1"), (acme, "10"), (birch, "20"), (stranger, "300")):
        use(world, sid, price)
    return stranger


def rows(world: World) -> list[tuple[str, int | None, Decimal | None]]:
    return [(row.part, row.accounts, row.amount) for row in world.fleet().rows]


def test_all_accounts_add_up_to_the_parents_record(world: World, stranger: str):
    assert world.fleet().total == 331
    assert rows(world) == [("parent", 1, 1), ("tenants", 2, 30), ("no_tenant", 1, 300)]


def test_what_is_not_available_is_what_is_left(world: World, acme: str, stranger: str):
    world.switch(accounts_without_usage=[acme])
    assert rows(world)[1:] == [("tenants", 1, 20), ("no_tenant", 1, 300), ("not_available", 1, 10)]


def test_more_accounts_of_no_tenant_than_are_read_are_a_row(world: World, stranger: str, monkeypatch):
    monkeypatch.setattr(fleet, "MOST_STRANGERS", 1)
    other = world.account("Another")
    use(world, other, "4000")
    remaining, read = (300, 4000) if other < stranger else (4000, 300)
    assert rows(world)[2:] == [("no_tenant", 1, read), ("not_available", 1, remaining)]


def test_a_parent_that_does_not_add_up_is_said(world: World, stranger: str):
    world.switch(parent_usage_holds_subaccounts=False)
    assert (world.fleet().total, rows(world)[-1]) == (1, ("not_added_up", None, -330))


def test_a_parent_without_records_leaves_the_fleet_unknown(world: World, stranger: str):
    world.switch(accounts_without_usage=[world.fake.account_sid])
    assert (world.fleet().total, rows(world)) == (None, [("not_available", None, None)])


def test_rows_add_up_to_the_total(world: World, acme: str, stranger: str):
    world.switch(accounts_without_usage=[acme, stranger])
    result = world.fleet()
    assert sum((row.amount or Decimal(0) for row in result.rows), Decimal(0)) == result.total
