"""What follows fees and charges: discount, minimum and tax, once a statement, from rounded lines."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from tenantry.model.money import Exact, round_half_up
from tenantry.model.terms import Discount, Tax
from tenantry.model.usage_reading import EXACT
from tenantry.operations.billing.rating.fees import share_by_days
from tenantry.operations.billing.rating.parts import Part
from tenantry.operations.billing.rating.values.inputs import BilledCustomer
from tenantry.operations.billing.rating.values.internal_statement import RatedTenant
from tenantry.operations.billing.rating.values.line import Line, LineForm, Piece


class ClosingTerms(NamedTuple):
    """What a statement has once: the last part's values, or those of a customer with one statement for all."""

    currency: str
    discount: Discount | None
    minimum: Exact
    """Already by days; 0 where there is none."""
    tax: Tax | Literal["external"] | None
    net_days: int | None


def find_closing_terms(customer: BilledCustomer, tenants: tuple[RatedTenant, ...]) -> ClosingTerms:
    """Return the values of one statement; the customer's are already laid over the tenants' terms."""
    if len(tenants) == 1 and len(tenants[0].parts) == 1:
        return _find_terms_of_part(tenants[0].parts[0].part, tenants[0].month.period.days)
    parts = [rated.part for tenant in tenants for rated in tenant.parts]
    last, days_of_month = parts[-1].terms, tenants[0].month.period.days
    if customer.together:
        days = frozenset[date]().union(*(part.charged_days for part in parts))
        shares = [share_by_days(last.minimum, len(days), days_of_month)] if last.minimum else []
    else:
        minimums = ((part.terms.minimum, len(part.charged_days)) for part in parts)
        shares = [share_by_days(minimum, days, days_of_month) for minimum, days in minimums if minimum]
    minimum = shares[0] if len(shares) == 1 else sum((Fraction(share) for share in shares), Fraction(0))
    return ClosingTerms(last.currency, last.discount, minimum, last.tax, last.net_days)


def _find_terms_of_part(part: Part, days_of_month: int) -> ClosingTerms:
    terms = part.terms
    minimum = share_by_days(terms.minimum, len(part.charged_days), days_of_month) if terms.minimum else Decimal(0)
    return ClosingTerms(terms.currency, terms.discount, minimum, terms.tax, terms.net_days)


def rate_discount(terms: ClosingTerms, key: str, charged: Decimal) -> Line | None:
    """Return the discount on the sum of rounded fees and charges; None where it is 0."""
    if terms.discount is None:
        return None
    percent = terms.discount.percent
    exact = EXACT.multiply(-charged, percent.scaleb(-2, EXACT))
    rule = f"{percent} % of {charged}"
    line = _round(Piece("discount", f"{percent} %", None, None, exact, rule), "discount", "Discount", key, terms)
    return line if line.amount else None


def rate_minimum(terms: ClosingTerms, key: str, rest: Decimal) -> Line | None:
    """Return what is missing to the minimum; None where the rest reaches it."""
    if terms.minimum <= rest:
        return None
    exact = _subtract(terms.minimum, rest)
    target = round_half_up(terms.minimum, terms.currency)
    piece = Piece("minimum", f"up to {target}", None, None, exact, f"minimum {target} − {rest}")
    line = _round(piece, "minimum", "Minimum charge", key, terms)
    return line if line.amount else None


def _subtract(minimum: Exact, rest: Decimal) -> Exact:
    return EXACT.subtract(minimum, rest) if isinstance(minimum, Decimal) else minimum - Fraction(rest)


def rate_tax(terms: ClosingTerms, key: str, base: Decimal) -> Line | None:
    """Return the tax on the sum of the rounded lines above it and of adjustments, as one line."""
    if not isinstance(terms.tax, Tax):
        return None
    percent = terms.tax.percent
    exact = EXACT.multiply(base, percent.scaleb(-2, EXACT))
    piece = Piece("tax", f"{percent} %", None, None, exact, f"{percent} % of {base}")
    return _round(piece, "tax", terms.tax.label, key, terms)


def _round(
    piece: Piece, kind: Literal["discount", "minimum", "tax"], label: str, key: str, terms: ClosingTerms
) -> Line:
    return LineForm.of(key, kind, label, "", terms.currency).round(piece)
