"""Which days of a month are billed, under which terms: a month has a part for each change of its terms."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from tenantry.model.suspension import suspended_days
from tenantry.model.terms import Terms
from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.billing.rating.values.inputs import DatedTerms, TenantMonth
from tenantry.operations.billing.rating.values.problems import BillingProblem, RatingError

DAY = timedelta(days=1)


class Part(NamedTuple):
    """Billed days under the same terms."""

    days: UsagePeriod
    terms: Terms
    included_days: int
    """Days that count for included units."""
    charged_days: frozenset[date]
    """Days on which `fees.base` and the minimum run."""

    @property
    def first(self) -> date:
        """Its first day."""
        return self.days.first

    @property
    def last(self) -> date:
        """Its last day."""
        return self.days.last


def find_billed_days(month: TenantMonth) -> UsagePeriod:
    """Return the days that are billed, for which usage is read; raises RatingError where there is none."""
    if month.billed_from is None and month.billed_until is None:
        return month.period
    first = max(month.period.first, month.billed_from or month.period.first)
    last = min(month.period.last, month.billed_until or month.period.last)
    if first > last:
        sentence = f"no day of {month.period} is billed: see billed_from and billed_until"
        raise RatingError((BillingProblem("not_billed", month.tenant, sentence),))
    return UsagePeriod(first, last)


def split_month(month: TenantMonth) -> tuple[Part, ...]:
    """Return the parts of a month, the first one first; terms that change nothing begin no part."""
    billed = find_billed_days(month)
    if len(month.terms) == 1:
        return (_make_part(month, billed, billed, month.terms[0].terms),)
    starts = _find_starts(month.terms, billed)
    ends = [*(start.first_day - DAY for start in starts[1:]), billed.last]
    ranges = [UsagePeriod(start.first_day, end) for start, end in zip(starts, ends, strict=True)]
    return tuple(_make_part(month, billed, days, start.terms) for days, start in zip(ranges, starts, strict=True))


def _find_starts(dated: tuple[DatedTerms, ...], billed: UsagePeriod) -> list[DatedTerms]:
    """Return the terms at the first billed day, and each change until the last one."""
    starts = [DatedTerms(billed.first, dated[0].terms)]
    for change in sorted(dated[1:], key=lambda terms: terms.first_day):
        if change.first_day > billed.last:
            break
        if change.first_day <= starts[-1].first_day:
            starts[-1] = DatedTerms(starts[-1].first_day, change.terms)
        else:
            starts.append(change)
    return [start for index, start in enumerate(starts) if index == 0 or start.terms != starts[index - 1].terms]


def _make_part(month: TenantMonth, billed: UsagePeriod, days: UsagePeriod, terms: Terms) -> Part:
    begins = month.billed_from is not None and month.period.first <= month.billed_from <= month.period.last
    if days == month.period and terms.suspended_days == "charged" and not begins:
        return Part(days, terms, days.days, _list_all_days(days))
    before, after = _find_missing_days(month.period, billed, days)
    added = [*(before if terms.first_month != "by_days" else ()), *(after if terms.last_month == "full" else ())]
    included = days.days + len(added)
    if begins and terms.first_month == "free":
        return Part(days, terms, included, frozenset())
    free = suspended_days(month.suspensions, days.first, days.last) if terms.suspended_days == "free" else frozenset()
    return Part(days, terms, included, frozenset([*days.each_day(), *added]) - free)


@cache  # the same for every tenant
def _list_all_days(days: UsagePeriod) -> frozenset[date]:
    return frozenset(days.each_day())


def _find_missing_days(month: UsagePeriod, billed: UsagePeriod, days: UsagePeriod) -> tuple[list[date], list[date]]:
    """Return the days of the month before and after the billed ones, where this part is the first and the last."""
    before = list(_list_days_between(month.first, billed.first - DAY)) if days.first == billed.first else []
    after = list(_list_days_between(billed.last + DAY, month.last)) if days.last == billed.last else []
    return before, after


def _list_days_between(first: date, last: date) -> Iterator[date]:
    return UsagePeriod(first, last).each_day() if first <= last else iter(())
