"""Rating one tenant's month: fees and charges, part by part. Pure: the same values in, the same bytes out."""

from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.billing.rating.costs.coverage import cover
from tenantry.operations.billing.rating.costs.figures import Report, collect_figures, find_currency, sum_days
from tenantry.operations.billing.rating.costs.reconciliation import reconcile
from tenantry.operations.billing.rating.fees import rate_fees
from tenantry.operations.billing.rating.lots import describe_lots
from tenantry.operations.billing.rating.parts import Part, split_month
from tenantry.operations.billing.rating.rate_charges import PartUsage, rate_charges
from tenantry.operations.billing.rating.terms_plan import plan_terms
from tenantry.operations.billing.rating.values.inputs import MonthUsage, TenantMonth
from tenantry.operations.billing.rating.values.internal_statement import RatedPart, RatedTenant
from tenantry.operations.billing.rating.values.line import Line, LineForm
from tenantry.operations.billing.rating.values.problems import BillingProblem, ProblemCode, RatingError


def rate_tenant(month: TenantMonth) -> RatedTenant:
    """Return the fees and charges of a tenant's month; raises RatingError with every problem of it."""
    problems: list[BillingProblem] = []

    def report(code: ProblemCode, sentence: str) -> None:
        problem = BillingProblem(code, month.tenant, sentence)
        if problem not in problems:
            problems.append(problem)

    parts = split_month(month)
    usage = _require_usage(month, parts, report)
    used, rated, lots = [], [], month.lots
    for index, part in enumerate(parts):
        used.append(_make_part_usage(month, usage, parts, part, report))
        charges, lots = rate_charges(used[-1], lots, report)
        rated.append(RatedPart(part, _rate_fee_lines(month, parts, index), charges))
    currency = _find_currency_of_terms(parts, report)
    if problems:
        raise RatingError(tuple(problems))
    return RatedTenant(
        month=month,
        currency=currency,
        cost_currency=next((item.currency for item in used if item.currency), None),
        parts=tuple(rated),
        lots=describe_lots(month, parts, lots),
        reconciliation=reconcile(usage, tuple(item.coverage for item in used)),
    )


def _require_usage(month: TenantMonth, parts: tuple[Part, ...], report: Report) -> MonthUsage:
    if month.usage is None:
        report("not_available", "its usage is not available, which is not 0: there is no statement; try again later")
        return MonthUsage(())
    needs_days = len(parts) > 1 or plan_terms(parts[0].terms).is_prepaid
    if needs_days and not month.usage.daily and any(reading.is_used for reading in month.usage.whole):
        report("no_daily_readings", "a charge needs usage by day, and there is none; read the usage again")
    return month.usage


def _make_part_usage(
    month: TenantMonth, usage: MonthUsage, parts: tuple[Part, ...], part: Part, report: Report
) -> PartUsage:
    figures = sum_days(usage.daily, part.days) if len(parts) > 1 else collect_figures(usage.whole)
    plan = plan_terms(part.terms)
    return PartUsage(
        key=f"{month.tenant}/{part.first}",
        part=part,
        plan=plan,
        days_text=_write_days(part.days) if len(parts) > 1 else "",
        days_of_month=month.period.days,
        figures=figures,
        daily=usage.daily,
        coverage=cover(part.terms, plan, figures, report),
        currency=find_currency(figures, report),
    )


def _rate_fee_lines(month: TenantMonth, parts: tuple[Part, ...], index: int) -> tuple[Line, ...]:
    part = parts[index]
    key, days = f"{month.tenant}/{part.first}/fees", _write_days(part.days) if len(parts) > 1 else ""
    currency = part.terms.currency
    fees = rate_fees(parts, index, month.period)
    return tuple([LineForm.of(key, "fee", label, days, currency).round(piece) for label, piece in fees])


def _find_currency_of_terms(parts: tuple[Part, ...], report: Report) -> str:
    currencies = {part.terms.currency for part in parts} if len(parts) > 1 else ()
    if len(currencies) > 1:
        report("currencies_differ", f"the terms of one month are in {' and '.join(sorted(currencies))}")
    return parts[-1].terms.currency


def _write_days(days: UsagePeriod) -> str:
    return str(days) if days.first < days.last else str(days.first)
