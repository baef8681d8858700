"""What holds for any terms and any usage."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

from billing_samples import CREDITS, SMS, lot, month, rate, sms, terms
from hypothesis import given
from hypothesis import strategies as st

from tenantry.operations.billing.rating.corrections import correct
from tenantry.operations.billing.rating.values.customer_statement import make_customer_statement

PERCENT = st.decimals(0, 90, places=2)
PRICE = st.decimals(0, 5, places=4)
COUNTS = st.dictionaries(st.integers(1, 31), st.integers(0, 2000), max_size=8)
INCLUDED = st.integers(0, 3000)
BANDS = st.lists(st.integers(1, 500), max_size=3).flatmap(
    lambda nexts: st.tuples(st.just(nexts), st.lists(PERCENT, min_size=len(nexts) + 1, max_size=len(nexts) + 1))
)
CHARGES = st.one_of(
    st.builds(lambda p: {"strategy": "fixed", "margin_percent": p}, PERCENT),
    st.builds(lambda p: {"strategy": "fixed", "markup_percent": p}, PERCENT),
    st.builds(lambda p: {"strategy": "fixed", "price": p}, PRICE),
    st.builds(lambda n: {"strategy": "tiers", "included": n}, INCLUDED),
    st.builds(lambda n, p: {"strategy": "tiers_with_overage", "included": n, "overage_price": p}, INCLUDED, PRICE),
    st.builds(lambda p: {**CREDITS, "when_empty": {"price": p}}, PRICE),
)
DYNAMIC = BANDS.map(
    lambda bands: {
        "strategy": "dynamic",
        "bands": [
            *({"next": n, "margin_percent": p} for n, p in zip(bands[0], bands[1], strict=False)),
            {"margin_percent": bands[1][-1]},
        ],
    }
)
CLOSING = st.fixed_dictionaries(
    {},
    optional={
        "discount": st.builds(lambda p: {"percent": p}, PERCENT),
        "minimum": PRICE.map(lambda p: p * 40),
        "tax": st.builds(lambda p: {"label": "VAT", "percent": p}, PERCENT),
    },
)
LOTS = st.lists(st.tuples(st.integers(1, 31), st.integers(0, 60), st.integers(1, 3000)), max_size=4).map(
    lambda rows: tuple(_lot(number, *row) for number, row in enumerate(rows))
)


def _lot(number, day, days, units):
    first = date(2026, 3, day)
    return lot(number, first, date.fromordinal(first.toordinal() + days), units=units)


def _terms(charge, closing, base="49.99"):
    return terms({"sms": SMS | charge}, base=base, **closing)


@given(st.one_of(CHARGES, DYNAMIC), CLOSING, COUNTS, LOTS)
def test_lines_add_up_to_the_total(charge, closing, counts, lots):
    statement = rate(month(_terms(charge, closing), used=sms(counts), lots=lots))
    seen = make_customer_statement(statement)
    shown = [*(line for section in seen.sections for line in section.lines), *seen.lines]
    assert sum(line.amount for line in shown) == seen.total == statement.total
    assert all(line.amount == line.amount.quantize(Decimal("0.01")) for line in shown)
    assert all(abs(Fraction(line.exact) - Fraction(line.amount)) * 200 <= 1 for line in statement.lines)


@given(st.one_of(CHARGES, DYNAMIC), CLOSING, COUNTS, st.integers(1, 31), st.integers(1, 500), LOTS)
def test_more_usage_never_costs_less(charge, closing, counts, day, more, lots):
    fewer, increased = sms(counts), sms({**counts, day: counts.get(day, 0) + more})
    totals = [rate(month(_terms(charge, closing), used=used, lots=lots)).total for used in (fewer, increased)]
    assert totals[0] <= totals[1]


@given(st.one_of(CHARGES, DYNAMIC), CLOSING, COUNTS, LOTS, st.randoms(use_true_random=False))
def test_the_order_of_observations_does_not_matter(charge, closing, counts, lots, random: Random):
    used = sms(counts)
    whole, daily, shuffled = list(used.whole), list(used.daily), list(lots)
    for listed in (whole, daily, shuffled):
        random.shuffle(listed)
    dated = (_terms(charge, closing), (date(2026, 3, 16), _terms(charge, closing, base="9.99")))
    first = rate(month(*dated, used=used, lots=lots))
    second = rate(month(*dated, used=replace(used, whole=tuple(whole), daily=tuple(daily)), lots=tuple(shuffled)))
    assert repr(make_customer_statement(first)) == repr(make_customer_statement(second))


@given(st.one_of(CHARGES, DYNAMIC), CLOSING, st.lists(COUNTS, min_size=2, max_size=4), LOTS)
def test_closed_and_corrections_are_what_is_rated_again(charge, closing, readings, lots):
    statements = [rate(month(_terms(charge, closing), used=sms(counts), lots=lots)) for counts in readings]
    billed, total = statements[0].own_lines, statements[0].total
    for rerated in statements[1:]:
        correction = correct("OWL-1", billed, rerated)
        billed, total = (*billed, *correction.lines), total + correction.total
        assert total == rerated.total


@given(COUNTS, st.lists(st.integers(1, 31), max_size=4, unique=True))
def test_amendments_lose_no_unit(counts, starts):
    changes = [(date(2026, 3, day), terms(base=str(day))) for day in sorted(starts)]
    (tenant,) = rate(month(terms(), *changes, used=sms(counts))).tenants
    assert sum(charge.units for part in tenant.parts for charge in part.charges) == sum(counts.values())
    shown = sum(line.quantity for line in tenant.lines if line.quantity)
    assert shown == sum(counts.values())
    assert tenant.reconciliation.total == sum(counts.values()) * Decimal("0.0079")


@given(st.one_of(CHARGES, DYNAMIC), CLOSING, COUNTS, LOTS, st.integers(1, 31))
def test_an_amendment_that_changes_nothing_never_changes_a_byte(charge, closing, counts, lots, day):
    same, used = _terms(charge, closing), sms(counts)
    plain = rate(month(same, used=used, lots=lots))
    amended = rate(month(same, (date(2026, 3, day), _terms(charge, closing)), used=used, lots=lots))
    assert repr(make_customer_statement(plain)) == repr(make_customer_statement(amended))


@given(COUNTS, LOTS)
def test_lots_and_the_uncovered_units_are_all_units(counts, lots):
    (tenant,) = rate(month(terms({"sms": CREDITS}), used=sms(counts), lots=lots)).tenants
    used = sum(use.used for use in tenant.lots)
    empty = sum(line.quantity for line in tenant.lines if line.key.endswith("empty"))
    assert used + empty == sum(counts.values())
    assert all(0 <= use.used <= use.lot.units for use in tenant.lots)
    assert all(use.used + use.remaining + use.expired == use.lot.units for use in tenant.lots)
