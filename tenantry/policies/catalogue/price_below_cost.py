"""No unit is sold for less than Twilio charges for it, as far as the settings say what it charges."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from pydantic import Field

from tenantry.manifest.yaml.tree import Path
from tenantry.model.charge import AnyCharge, Credits, Fixed, TiersWithOverage, WhenEmpty, counted_by
from tenantry.model.money import AmountText
from tenantry.model.usage_category import Category
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


class Costs(Parameters):
    """What Twilio charges for a unit. Rules read manifests alone, and no manifest says it."""

    costs: dict[Category, AmountText] = Field(
        default={},
        description='cost of a unit by usage category, in the currency of the terms: `sms: "0.0079"`; what comes on '
        "top of each unit, such as carrier fees, is part of it",
    )


def _find_prices_below_cost(subject: Subject, parameters: Costs) -> Iterator[Finding]:
    terms = subject.tenant.terms
    for name, charge in terms.charges.items() if terms else ():
        known = [
            (parameters.costs[category], category)
            for category in counted_by(name, charge)
            if category in parameters.costs
        ]
        if known:
            cost, category = max(known)
            for path, price, units in _prices_of(charge):
                if Fraction(price) < Fraction(cost) * units:
                    per = "a unit" if units == 1 else f"for {units:,} units"
                    sentence = f"is {price:f} {per}, and each unit of {category} costs {cost:f}"
                    yield Finding(("terms", "charges", name, *path), sentence)


def _prices_of(charge: AnyCharge) -> Iterator[tuple[Path, Decimal, int]]:
    """Yield each price of a charge: where it stands, and for how many units it is."""
    match charge:
        case Fixed(price=Decimal() as price):
            yield ("price",), price, 1
        case TiersWithOverage(overage_price=price):
            yield ("overage_price",), price, 1
        case Credits(packs=packs, when_empty=when_empty):
            for name, pack in packs.items():
                yield ("packs", name, "price"), pack.price, pack.units
            if isinstance(when_empty, WhenEmpty):
                yield ("when_empty", "price"), when_empty.price, 1


PRICE_BELOW_COST = TenantRule(
    id="price-below-cost",
    title="No price of a unit is below what Twilio charges for it, as the settings have it.",
    level="advisory",
    why=(
        "A price that was right when it was written loses money with every message once Twilio's price has risen, or "
        "where a digit is missing. Margins and mark-ups can't fall below the cost. What a closed month has shown is in "
        "`tenantry bill --for us`."
    ),
    mend="raise the price, or correct costs in policies/config.yaml",
    source=(
        "https://www.twilio.com/en-us/blog/isv-getting-started-with-twilio",
        "https://www.twilio.com/docs/usage/api/usage-record",
    ),
    example=Example(
        breaks=(
            '# policies/config.yaml: costs: {sms: "0.0079"}\n'
            "terms:\n"
            "  currency: usd\n"
            "  charges:\n"
            "    sms: {label: Text messages, quantity: count, strategy: fixed, price: 0.003}\n"
        ),
        keeps=(
            "terms:\n"
            "  currency: usd\n"
            "  charges:\n"
            "    sms: {label: Text messages, quantity: count, strategy: fixed, price: 0.03}\n"
        ),
    ),
    parameters=Costs,
    check=_find_prices_below_cost,
)
