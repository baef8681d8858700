"""What rating costs: 10,000 tenants × 12 months × 20 usage categories, each month a statement of its own.

`make bench` or `python benchmarks/rating.py --tenants 10000`. Figures are made before the clock starts, as the ledger
hands them over: exact decimals. Seconds are those of the processor. Nothing here is a test: a slow machine must not
fail a build.
"""

import argparse
import gc
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing import Pool

from tenantry.model.terms import Terms
from tenantry.model.usage_period import UsagePeriod, month_of
from tenantry.model.usage_reading import TOTAL, UsageReading
from tenantry.operations.billing.rating.rate_statement import rate_statement
from tenantry.operations.billing.rating.values.inputs import BilledCustomer, DatedTerms, MonthUsage, TenantMonth

_NAMES = (
    "sms mms calls phonenumbers sms-messages-carrierfees mms-messages-carrierfees recordings transcriptions lookups "
    "verify pv calls-client calls-sip conversations-mau a2p-registration-fees amazon-polly monitor mediastorage "
    "taskrouter-tasks"
)
CATEGORIES = tuple(_NAMES.split())
"""With the total they are 20."""
CHARGES = {
    "sms": {
        "label": "Text messages",
        "usage_categories": ["sms", "sms-messages-carrierfees"],
        "quantity_of": ["sms"],
        "quantity": "count",
        "strategy": "tiers_with_overage",
        "included": 100,
        "overage_price": Decimal("0.50"),
    },
    "calls": {"label": "Calls", "quantity": "usage", "strategy": "fixed", "price": Decimal("0.025")},
    "phonenumbers": {"label": "Numbers", "quantity": "count", "strategy": "fixed", "price": Decimal("2.00")},
    "*": {"label": "Other", "strategy": "fixed", "markup_percent": Decimal(10)},
}
FEE = {"currency": "usd", "fees": {"base": Decimal("59.99")}}
TERMS = {
    "plan": FEE | {"charges": {name: CHARGES[name] for name in ("sms", "*")}},
    "full": FEE
    | {
        "charges": CHARGES,
        "discount": {"percent": Decimal(5)},
        "minimum": Decimal(70),
        "tax": {"label": "VAT", "percent": Decimal(20)},
    },
}
"""A plan of one charge and everything else; and one with four charges, discount, minimum and tax."""


def readings(period: UsagePeriod, seed: int) -> tuple[UsageReading, ...]:
    """Return 19 categories and their total; the figures differ from month to month."""
    counts = [Decimal((seed * 37 + index * 11) % 400) for index in range(len(CATEGORIES))]
    prices = [count * Decimal("0.0079") for count in counts]
    rows = zip(CATEGORIES, counts, prices, strict=True)
    listed = [reading(period, category, count, price) for category, count, price in rows]
    return (*listed, reading(period, TOTAL, Decimal(0), sum(prices, Decimal(0))))


def reading(period: UsagePeriod, category: str, count: Decimal, price: Decimal) -> UsageReading:
    """Return one category of one month."""
    unit = category
    return UsageReading("acme", "AC0", period, "period", category, count, unit, count, unit, price, "usd", None)


def months(numbers: range, plan: str) -> Iterator[TenantMonth]:
    """Yield each month of these tenants; usage repeats after 97 months, so that the input stays small."""
    terms = Terms.model_validate(TERMS[plan])
    periods = [month_of(2026, month) for month in range(1, 13)]
    usages = {(period, seed): MonthUsage(readings(period, seed)) for period in periods for seed in range(97)}
    for number in numbers:
        for index, period in enumerate(periods):
            usage = usages[period, (number * 12 + index) % 97]
            dated = (DatedTerms(period.first, terms),)
            yield TenantMonth(f"t{number}", f"Tenant {number}", period, dated, usage)


@dataclass(frozen=True)
class Share:
    """What one process rated."""

    statements: int
    seconds: float
    """Of its processor."""
    total: Decimal
    mebibytes: float


def rate(numbers: range, plan: str) -> Share:
    """Rate every month of these tenants, one statement each."""
    inputs = list(months(numbers, plan))
    gc.freeze()  # what the ledger hands over is not the rating's garbage
    start = time.process_time()
    total = Decimal(0)
    for month in inputs:
        total += rate_statement(BilledCustomer(month.tenant, month.name), [month]).total
    seconds = time.process_time() - start
    return Share(len(inputs), seconds, total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Rate all tenants in some processes, and print seconds, memory and the sum of all statements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenants", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    shares = [range(first, asked.tenants, asked.processes) for first in range(asked.processes)]
    for plan in TERMS:
        with Pool(asked.processes) as pool:
            report(plan, pool.starmap(rate, [(share, plan) for share in shares]))


def report(plan: str, rated: Sequence[Share]) -> None:
    """Print what all processes rated."""
    statements, seconds = sum(share.statements for share in rated), sum(share.seconds for share in rated)
    slowest, memory = max(share.seconds for share in rated), max(share.mebibytes for share in rated)
    total = sum((share.total for share in rated), Decimal(0))
    print(f"{plan}: {statements:,} statements of 20 categories, {seconds / statements * 1e6:.0f} µs each")
    print(f"  {slowest:.2f} s in {len(rated)} processes, {seconds:.2f} s of one processor, {memory:.0f} MiB each")
    print(f"  sum of all statements: {total:,.2f} usd")


if __name__ == "__main__":
    main()
