"""The five strategies, each alone: what a golden statement does not show."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest
from billing_samples import CREDITS, SMS, lot, terms

from tenantry.model.charge import CHARGES
from tenantry.operations.billing.rating.strategies import STRATEGIES, depends_on_cost
from tenantry.operations.billing.rating.strategies.credits import draw_units
from tenantry.operations.billing.rating.strategies.use import ChargeUse

BANDS = {"strategy": "dynamic", "bands": [{"next": 10, "margin_percent": 50}, {"margin_percent": 0}]}
DAY = date(2026, 3, 1)


def _charge(**charge):
    return terms({"sms": SMS | charge}).charges["sms"]


def _rate(charge, cost="0", units="0", **more):
    use = ChargeUse(Decimal(cost), Decimal(units), more.pop("days", 31), 31, **more)
    return [(piece.name, piece.quantity, piece.exact) for piece in STRATEGIES[charge.strategy](charge, use)]


def test_every_charge_has_a_strategy():
    assert STRATEGIES.keys() == {get_args(charge.model_fields["strategy"].annotation)[0] for charge in CHARGES}


@pytest.mark.parametrize(
    ("charge", "expected"),
    [
        ({"margin_percent": Decimal("12.5")}, Fraction(8)),
        ({"markup_percent": Decimal("12.5")}, Decimal("7.875")),
        ({"markup_percent": 0}, Decimal(7)),
        ({"price": Decimal("0.3")}, Decimal("3.0")),
        ({"price": 0}, Decimal(0)),
    ],
)
def test_fixed_is_a_margin_a_mark_up_or_a_price(charge, expected):
    ((_, quantity, exact),) = _rate(_charge(strategy="fixed", **charge), cost="7", units="10")
    assert (quantity, exact) == (10, expected)


@pytest.mark.parametrize("charge", [{"strategy": "tiers", "included": 100}, {"strategy": "tiers"}])
def test_units_that_twilio_takes_back_are_shown_as_that(charge):
    charge = _charge(**charge)
    [piece] = STRATEGIES[charge.strategy](charge, ChargeUse(Decimal("-0.02"), Decimal(-3), 31, 31))
    assert (piece.detail, piece.quantity, piece.exact) == ("taken back", -3, 0)


def test_a_margin_keeps_the_exact_fraction():
    ((_, _, exact),) = _rate(_charge(strategy="fixed", margin_percent=3), cost="1")
    assert exact == Fraction(100, 97)


@pytest.mark.parametrize("charge", [{"margin_percent": 3}, {"price": 1}])
def test_fixed_makes_no_line_of_nothing(charge):
    assert _rate(_charge(strategy="fixed", **charge)) == []


def test_a_price_a_unit_makes_no_line_of_a_cost_without_units():
    assert _rate(_charge(strategy="fixed", price=1), cost="5") == []


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ("10", [("band-1", 10, 20)]),
        ("11", [("band-1", 10, Fraction(200, 11)), ("band-2", 1, Fraction(10, 11))]),
        ("0.5", [("band-1", Decimal("0.5"), 20)]),
        ("0", [("band-1", None, 20)]),
    ],
)
def test_dynamic_takes_the_average_cost_band_by_band(units, expected):
    assert _rate(_charge(**BANDS), cost="10", units=units) == expected


@pytest.mark.parametrize(("days", "included"), [(31, 100), (30, 97), (1, 4), (0, 0)])
def test_included_units_are_by_days_and_rounded_up(days, included):
    charge = _charge(strategy="tiers", included=100)
    rated = {name: quantity for name, quantity, _ in _rate(charge, units="200", days=days)}
    assert rated == ({"included": included} if included else {}) | {"above": 200 - included}


def test_a_tier_without_a_limit_includes_everything():
    assert _rate(_charge(strategy="tiers"), units="1000000000") == [("included", 10**9, 0)]


def test_a_billion_units_above_are_exact():
    charge = _charge(strategy="tiers_with_overage", included=0, overage_price=Decimal("0.000000001"))
    assert _rate(charge, units="1000000001") == [("overage", 10**9 + 1, Decimal("1.000000001"))]


def test_a_lot_counts_on_its_first_and_its_last_day():
    lots = [lot(1, DAY + timedelta(days=1), DAY + timedelta(days=2))]
    by_day = [(DAY + timedelta(days=number), Decimal(1)) for number in range(4)]
    assert draw_units(by_day, lots).by_lot == {1: 2}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1)])
def test_the_lot_that_expires_first_goes_first_then_the_older(order):
    last = DAY + timedelta(days=40)
    lots = {
        1: lot(1, DAY - timedelta(days=1), last, units=5),
        2: lot(2, DAY - timedelta(days=9), last, units=5),
        3: lot(3, DAY, DAY + timedelta(days=1), units=5),
    }
    drawn = draw_units([(DAY, Decimal(12))], [lots[number] for number in order])
    assert (drawn.by_lot, drawn.uncovered) == ({3: 5, 2: 5, 1: 2}, 0)


def test_a_lot_that_was_used_before_has_what_is_left():
    lots = [lot(1, DAY, DAY, units=500, units_left=Decimal(3))]
    assert draw_units([(DAY, Decimal(5))], lots).uncovered == 2


def test_stop_shows_what_no_credits_cover_at_nothing():
    charge = terms({"sms": CREDITS | {"when_empty": "stop"}}).charges["sms"]
    assert _rate(charge, by_day=((DAY, Decimal(5)),), units="5") == [("empty", 5, 0)]


@pytest.mark.parametrize(
    ("charge", "depends"),
    [
        ({"strategy": "fixed", "price": 1}, False),
        ({"strategy": "fixed", "margin_percent": 1}, True),
        (BANDS, True),
        ({"strategy": "tiers"}, False),
    ],
)
def test_prices_that_depend_on_cost_are_known(charge, depends):
    assert depends_on_cost(_charge(**charge)) is depends
