"""Adding up where Twilio's total of a month went, part by part, and comparing readings by day with the month's."""

from collections.abc import Iterator
from decimal import Decimal

from tenantry.model.usage_reading import UsageReading, add_exactly
from tenantry.operations.billing.rating.costs.coverage import Coverage
from tenantry.operations.billing.rating.costs.figures import collect_figures
from tenantry.operations.billing.rating.values.inputs import MonthUsage
from tenantry.operations.billing.rating.values.internal_statement import Reconciliation


def reconcile(usage: MonthUsage, coverages: tuple[Coverage, ...]) -> Reconciliation:
    """Return where the total went; each amount is the sum of the parts'."""
    whole = coverages[0] if len(coverages) == 1 else _add(coverages)
    return Reconciliation(
        total=whole.total,
        covered=whole.covered,
        rest=whole.rest,
        absorbed=whole.absorbed,
        uncovered=whole.uncovered,
        unexplained=whole.unexplained,
        uncovered_categories=whole.categories,
        notes=tuple(_compare_days(usage)) if usage.daily else (),
    )


def _add(coverages: tuple[Coverage, ...]) -> Coverage:
    """Return the sum of the parts' coverages."""
    uncovered: dict[str, Decimal] = {}
    for coverage in coverages:
        for category, amount in coverage.categories:
            uncovered[category] = uncovered.get(category, Decimal(0)) + amount
    return Coverage(
        total=add_exactly(coverage.total for coverage in coverages),
        costs={},
        covered=add_exactly(coverage.covered for coverage in coverages),
        rest=add_exactly(coverage.rest for coverage in coverages),
        absorbed=add_exactly(coverage.absorbed for coverage in coverages),
        uncovered=add_exactly(coverage.uncovered for coverage in coverages),
        unexplained=add_exactly(coverage.unexplained for coverage in coverages),
        categories=tuple(sorted(uncovered.items())),
    )


def _compare_days(usage: MonthUsage) -> Iterator[str]:
    """Yield a sentence for each figure that differs between the month and the sum of its days."""
    whole, days = collect_figures(usage.whole), collect_figures(usage.daily)
    for category in sorted(whole.keys() & days.keys()):
        for name, month, daily in _list_figures(whole[category], days[category]):
            if month != daily:
                yield f"{category}: {name} of the month is {month:f}, and its days add up to {daily:f}"


def _list_figures(whole: UsageReading, days: UsageReading) -> Iterator[tuple[str, Decimal, Decimal]]:
    zero = Decimal(0)
    yield "count", whole.count or zero, days.count or zero
    yield "usage", whole.usage or zero, days.usage or zero
    yield "price", whole.price or zero, days.price or zero
