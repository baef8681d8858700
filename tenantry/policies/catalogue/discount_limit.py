"""No discount is higher than somebody has allowed."""

from collections.abc import Iterator
from decimal import Decimal

from pydantic import Field

from tenantry.manifest.yaml.tree import Path
from tenantry.model.terms import DiscountPercent
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject

DISCOUNT: Path = ("terms", "discount", "percent")
"""Where a discount stands, in a manifest as in a customer's file."""


class HighestDiscount(Parameters):
    """The highest discount that needs no waiver."""

    percent: DiscountPercent = Field(
        default=Decimal(20), json_schema_extra={"default": 20}, description="highest percent of a discount"
    )


def _find_high_discounts(subject: Subject, parameters: HighestDiscount) -> Iterator[Finding]:
    for path, percent, of_customer in _discounts_of(subject) if subject.tenant.terms else ():
        if percent > parameters.percent:
            sentence = f"is {percent:f}, and {parameters.percent:f} is the highest allowed"
            yield Finding(path, sentence, of_customer=of_customer)


def _discounts_of(subject: Subject) -> Iterator[tuple[Path, Decimal, bool]]:
    """Yield each discount that statements have, now or from a later day on, and whether the customer's file says it."""
    terms = subject.tenant.terms
    if subject.customer and subject.customer.terms.discount:  # it replaces what the tenant says, whatever the day
        yield DISCOUNT, subject.customer.terms.discount.percent, True
        return
    if terms and terms.discount:
        yield DISCOUNT, terms.discount.percent, False
    for index, amendment in enumerate(subject.tenant.amendments):
        match amendment.terms:
            case {"discount": {"percent": int() | Decimal() as percent}}:
                yield ("amendments", index, *DISCOUNT), Decimal(percent), False


DISCOUNT_LIMIT = TenantRule(
    id="discount-limit",
    title="No discount is higher than the configuration allows.",
    level="advisory",
    why=(
        "A discount that somebody gave alone, or a digit too many, costs money every month until somebody looks. The "
        "discount in a customer's file and those in amendments count too."
    ),
    mend="lower the discount, raise percent in policies/config.yaml, or waive it for this tenant",
    source=("https://www.twilio.com/en-us/blog/isv-getting-started-with-twilio",),
    example=Example(
        breaks="terms: {currency: usd, discount: {percent: 50}}\n",
        keeps="terms: {currency: usd, discount: {percent: 15}}\n",
    ),
    parameters=HighestDiscount,
    check=_find_high_discounts,
)
