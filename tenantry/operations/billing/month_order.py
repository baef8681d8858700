"""The order of months: each is closed before those after it, one that a void statement left open too."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tenantry.ledger.statements import OpenAgain, find_last_closed_months, find_months_open_again
from tenantry.model.usage_period import month_before, read_month
from tenantry.operations.billing.bill import BillRequest, StatementPlan
from tenantry.operations.billing.draft import Planned, find_terms, is_wanted
from tenantry.operations.billing.months import NO_FACTS, plan_month
from tenantry.operations.billing.rating.values.problems import BillingProblem


class MonthOrder:
    """Which earlier months of the tenants are still to be closed: they are billed, and on no statement that counts."""

    def __init__(self, request: BillRequest, planned: Planned) -> None:
        self._request = request
        self._planned = planned
        self._closed = find_last_closed_months(request.ledger, request.stack) if request.ledger is not None else {}
        self._billed: dict[str, frozenset[str]] = {}
        self._again = defaultdict[str, list[OpenAgain]](list)
        for found in self._open_again():
            self._again[found.tenant].append(found)

    def _open_again(self) -> Iterator[OpenAgain]:
        request = self._request
        if request.ledger is not None:
            for found in find_months_open_again(request.ledger, request.stack, request.month):
                if found.tenant in self._billed_in(found.month):
                    yield found

    def open_again(self, plan: StatementPlan) -> Iterator[BillingProblem]:
        """Yield each earlier month of a statement's tenants that is open again since its statement was made void."""
        yield from self._describe(month.tenant for month in plan.months)

    def open_again_of_others(self) -> Iterator[BillingProblem]:
        """Yield the same of tenants that are on no statement of this month, so that nobody forgets them."""
        planned = {month.tenant for plan in self._planned.plans for month in plan.months}
        missing = sorted(self._again.keys() - planned)
        yield from self._describe(tenant for tenant in missing if is_wanted(self._request, {tenant}))

    def _describe(self, tenants: Iterable[str]) -> Iterator[BillingProblem]:
        for tenant in tenants:
            for found in self._again.get(tenant, ()):
                reason = f"{found.month} is open again, since {found.number} was made void"
                yield BillingProblem("earlier_month", tenant, f"{reason}; {_say_close_first(found.month)}")

    def month_before_is_open(self, plan: StatementPlan) -> Iterator[BillingProblem]:
        """Yield that the month before was billed for a tenant of the statement, and no statement ever had it."""
        before = f"{month_before(self._request.period).first:%Y-%m}"
        for month in plan.months:
            is_closed = self._closed.get(month.tenant, "") >= before
            is_again = any(found.month == before for found in self._again.get(month.tenant, ()))
            if not is_closed and not is_again and month.tenant in self._billed_in(before):
                sentence = f"{before} is not closed for it; {_say_close_first(before)}"
                yield BillingProblem("earlier_month", month.tenant, sentence)
                return

    def _billed_in(self, month: str) -> frozenset[str]:
        """Return the tenants of which a day of a month is billed."""
        if month not in self._billed:
            request = replace(self._request, period=read_month(month))
            self._billed[month] = frozenset(
                slug
                for slug, found in find_terms(request).tenants.items()
                if plan_month(slug, found, request.period, self._planned.accounts.get(slug), NO_FACTS) is not None
            )
        return self._billed[month]


def _say_close_first(month: str) -> str:
    return f"close that first: tenantry bill --month {month} --close"
