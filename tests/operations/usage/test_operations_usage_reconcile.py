"""The total against the categories: 0, or rows that explain every cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.model.usage_categories_tree import CHILDREN
from tenantry.model.usage_period import read_month
from tenantry.model.usage_reading import TOTAL, UsageReading
from tenantry.operations.usage.reconcile import reconcile

MARCH = read_month("2026-03")
SID = "AC" + "1" * 32


def reading(category: str, price: str | None, unit: str = "usd") -> UsageReading:
    return UsageReading(
        tenant="acme",
        account_sid=SID,
        period=MARCH,
        granularity="period",
        category=category,
        count=Decimal(1),
        count_unit="messages",
        usage=Decimal(1),
        usage_unit="messages",
        price=None if price is None else Decimal(price),
        price_unit=unit,
        as_of=None,
    )


def reconcile_prices(**prices: str | None) -> tuple[str, list[tuple[str, str | None, str]]]:
    """The difference and the rows of prices, in which `_` is written for `-`."""
    result = reconcile([reading(name.replace("_", "-"), price) for name, price in prices.items()])
    assert result is not None
    return str(result.difference), [(row.reason, row.category, str(row.amount)) for row in result.rows]


def test_children_that_add_up_leave_nothing_over():
    prices = {"sms": "0.03", "sms_inbound": "0.01", "sms_outbound": "0.02", "sms_messages_carrierfees": "0.5"}
    assert reconcile_prices(totalprice="0.53", **prices) == ("0.00", [])


def test_what_no_child_has_is_a_row_of_its_parent():
    assert reconcile_prices(totalprice="0.05", sms="0.05", sms_outbound="0.02") == (
        "0.03",
        [("children_short", "sms", "0.03")],
    )


def test_children_that_cost_more_than_their_parent_count_once():
    assert reconcile_prices(totalprice="0.05", sms="0.05", sms_outbound="0.09") == (
        "0.00",
        [("children_over", "sms", "0")],
    )


def test_a_total_above_its_categories_is_a_row():
    assert reconcile_prices(totalprice="0.07", sms="0.05") == ("0.02", [("in_no_category", None, "0.02")])


def test_categories_above_the_total_are_a_row():
    assert reconcile_prices(totalprice="0.05", sms="0.05", channels_messaging="0.01") == (
        "-0.01",
        [("categories_overlap", None, "-0.01")],
    )


def test_a_price_that_is_missing_is_a_row_and_no_zero():
    difference, rows = reconcile_prices(totalprice="0.07", sms="0.05", mms=None)
    assert (difference, rows) == ("0.02", [("in_no_category", None, "0.02"), ("price_missing", "mms", "None")])


def test_prices_in_two_currencies_are_not_added():
    result = reconcile([reading(TOTAL, "3"), reading("sms", "1"), reading("mms", "2", "eur")])
    assert result is not None
    assert [row.reason for row in result.rows] == ["currencies_differ"]


def test_without_a_total_there_is_nothing_to_compare():
    assert reconcile([reading("sms", "1")]) is None
    assert reconcile([reading(TOTAL, None)]) is None


NAMES = st.sampled_from([*CHILDREN, *(child for children in CHILDREN.values() for child in children), "lookout"])
PRICES = st.decimals(min_value=-1000, max_value=1000, places=6)


@given(st.dictionaries(NAMES, PRICES), PRICES)
def test_rows_add_up_to_the_difference(prices: dict[str, Decimal], total: Decimal):
    readings = [reading(name, str(price)) for name, price in prices.items()]
    result = reconcile([reading(TOTAL, str(total)), *readings])
    assert result is not None
    assert sum((row.amount or Decimal(0) for row in result.rows), Decimal(0)) == result.difference
    assert result.categories + result.difference == result.total == total


@given(st.permutations(["sms", "sms-inbound", "sms-outbound", "mms", "calls"]))
def test_the_order_of_rows_does_not_matter(names: list[str]):
    readings = [reading(name, f"0.0{len(name)}") for name in names]
    ordered = [reading(name, f"0.0{len(name)}") for name in sorted(names)]
    total = reading(TOTAL, "1")
    assert reconcile([*readings, total]) == reconcile([total, *ordered])


@pytest.mark.parametrize("children", CHILDREN.values())
def test_each_child_has_one_parent(children: tuple[str, ...]):
    everyone = [child for other_names in CHILDREN.values() for child in other_names]
    assert [child for child in children if everyone.count(child) != 1] == []
