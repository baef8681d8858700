"""No customer pays more for overage than the next plan would cost it."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Annotated, NamedTuple

from pydantic import Field

from tenantry.model.charge import AnyCharge, Tiers, TiersWithOverage, counted_by
from tenantry.model.terms import Terms
from tenantry.model.usage_reading import EXACT
from tenantry.model.written import Slug
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


class AcceptedPlans(Parameters):
    """Where it is meant to be so."""

    accepted: Annotated[tuple[Slug, ...], Field(strict=False)] = Field(
        default=(), description="plans where this is intended: whoever uses more is offered the next plan"
    )


class Offer(NamedTuple):
    """Another plan, from the units on from which it is cheaper; the first one in order is the best."""

    units: int
    fee: Decimal
    plan: str
    included: int | None


def _find_cheaper_plans(subject: Subject, parameters: AcceptedPlans) -> Iterator[Finding]:
    terms = subject.tenant.terms
    if terms is None or subject.tenant.plan in parameters.accepted:
        return
    for name, charge in terms.charges.items():
        if isinstance(charge, TiersWithOverage):
            for offer in sorted(_offers(subject, terms, name, charge))[:1]:
                yield Finding(("terms", "charges", name, "overage_price"), _describe(offer, terms, charge))


def _offers(subject: Subject, terms: Terms, name: str, charge: TiersWithOverage) -> Iterator[Offer]:
    """Yield the plans with a higher fee that are cheaper from some units on, below those that they include."""
    for plan, other in subject.plans.items():
        tier = other.charges.get(name)
        if plan == subject.tenant.plan or other.currency != terms.currency:
            continue
        if isinstance(tier, Tiers | TiersWithOverage) and _unit_of(name, tier) == _unit_of(name, charge):
            units = _find_cheaper_from(_fee_of(other) - _fee_of(terms), charge)
            if units is not None and (tier.included is None or units < tier.included):
                yield Offer(units, _fee_of(other), plan, tier.included)


def _fee_of(terms: Terms) -> Decimal:
    return terms.fees.base or Decimal(0)


def _unit_of(name: str, charge: AnyCharge) -> tuple[object, object]:
    return charge.quantity, frozenset(counted_by(name, charge))


def _find_cheaper_from(difference: Decimal, charge: TiersWithOverage) -> int | None:
    """Return the fewest units whose overage costs more than the difference of the fees; None if there are none."""
    if difference <= 0 or not charge.overage_price:
        return None
    return charge.included + floor(Fraction(difference) / Fraction(charge.overage_price)) + 1


def _describe(offer: Offer, terms: Terms, charge: TiersWithOverage) -> str:
    overage = EXACT.multiply(charge.overage_price, offer.units - charge.included)
    included = "all units" if offer.included is None else f"{offer.included:,} units"
    return (
        f"from {offer.units:,} units a month on the plan {offer.plan} is cheaper: it costs {offer.fee:f} with "
        f"{included} included, and {offer.units:,} units cost {EXACT.add(_fee_of(terms), overage):f} here"
    )


OVERAGE_BEATS_NEXT_TIER = TenantRule(
    id="overage-beats-next-tier",
    title="Overage does not cost more than the next plan.",
    level="advisory",
    why=(
        "A customer who finds out that the larger plan would have cost less asks for the difference. 150 messages on a "
        "plan of 49.99 with 100 included and 0.50 for each one more cost 74.99, and the plan of 59.99 includes 200. "
        "Base fee and overage of one charge are compared with each plan of the project that has a higher fee, by what "
        "defaults.yaml and that plan say."
    ),
    mend="lower overage_price, or accept it for the plan in policies/config.yaml and offer the next plan in time",
    source=("https://www.twilio.com/en-us/blog/isv-getting-started-with-twilio",),
    example=Example(
        breaks=(
            "# plans/medium.yaml: a base fee of 59.99 with 200 messages included\n"
            "terms:\n"
            "  currency: usd\n"
            "  fees: {base: 49.99}\n"
            "  charges:\n"
            "    sms:\n"
            "      label: Text messages\n"
            "      quantity: count\n"
            "      strategy: tiers_with_overage\n"
            "      included: 100\n"
            "      overage_price: 0.50    # 121 messages cost 60.49\n"
        ),
        keeps=(
            "terms:\n"
            "  currency: usd\n"
            "  fees: {base: 49.99}\n"
            "  charges:\n"
            "    sms:\n"
            "      label: Text messages\n"
            "      quantity: count\n"
            "      strategy: tiers_with_overage\n"
            "      included: 100\n"
            "      overage_price: 0.10    # 200 messages cost 59.99\n"
        ),
    ),
    parameters=AcceptedPlans,
    check=_find_cheaper_plans,
)
