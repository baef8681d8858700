"""Terms: what a customer pays the vendor. Nothing of it is ever sent to Twilio."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from tenantry.model.charge import Categories, Charge, Price
from tenantry.model.money import Currency
from tenantry.model.written import Day, Name, Number, Pattern, Slug, Text, Written, refusal

ChargeName = Annotated[
    Text, Pattern(r"^([a-z][a-z0-9-]{0,62}|\*)$", 'must be a name in a-z, 0-9 and "-", or "*" for everything else')
]


class Setup(Written):
    """A fee that is charged once."""

    amount: Price = Field(description="the fee")
    once: Day = Field(description="the day it is charged: on the statement of this day's month")


class Fees(Written):
    """What is charged whether anything is used or not."""

    base: Price | None = Field(default=None, description="each month")
    setup: Setup | None = Field(default=None, description="once")


def _require_at_most_a_hundred(value: Decimal) -> Decimal:
    if value > 100:
        raise refusal("must be 100 or less")
    return value


DiscountPercent = Annotated[Price, AfterValidator(_require_at_most_a_hundred)]


class Discount(Written):
    """A discount on fees and charges."""

    percent: DiscountPercent = Field(description="percent of the sum of fee and charge lines")


class Tax(Written):
    """A tax, as one line of the statement."""

    label: Name = Field(description="the line's name, such as VAT")
    percent: Price = Field(description="percent of the sum of the lines above it")


class Exchange(Written):
    """The rate from Twilio's currency to the customer's; needed where a charge depends on cost."""

    rate: Annotated[Number, WithJsonSchema({"type": "number", "exclusiveMinimum": 0})] = Field(
        description="one unit of Twilio's currency in the currency of the terms"
    )
    on: Day = Field(description="the day of the rate")
    source: Text = Field(description="who published the rate")

    @model_validator(mode="after")
    def _is_positive(self) -> "Exchange":
        if self.rate <= 0:
            raise refusal("must be above 0", about="rate")
        return self


class Terms(Written):
    """What a customer pays, and for what."""

    currency: Currency = Field(description="currency of every amount, ISO 4217 in lower case")
    fees: Fees = Field(default=Fees.model_construct(), description="fees without usage")
    first_month: Literal["by_days", "full", "free"] = Field(
        default="by_days", description="how the month is billed in which billing begins"
    )
    last_month: Literal["by_days", "full"] = Field(
        default="by_days", description="how the month is billed in which billing ends"
    )
    suspended_days: Literal["charged", "free"] = Field(
        default="charged", description="whether the fee runs on days of suspension; days of a cap are always charged"
    )
    charges: dict[ChargeName, Charge] = Field(default={}, description='charges by name; "*" is everything else')
    absorbed: Categories = Field(
        default=(), description="usage categories that you pay and do not charge: your cost, and no line"
    )
    discount: Discount | None = Field(default=None, description="discount on fees and charges")
    minimum: Price | None = Field(default=None, description="least sum of a month, after the discount and before tax")
    tax: Tax | Literal["external"] | None = Field(default=None, description="one tax line; external: billed elsewhere")
    net_days: Annotated[int, Field(ge=0, le=365)] | None = Field(
        default=None, description="days until the statement is due"
    )
    exchange: Exchange | None = Field(default=None, description="rate from Twilio's currency, where they differ")


class CustomerTerms(Written):
    """What a customer's file may say; it replaces the tenants' own values."""

    currency: Currency | None = Field(default=None, description="currency of the statement")
    discount: Discount | None = Field(default=None, description="discount on fees and charges")
    minimum: Price | None = Field(default=None, description="least sum of a month, after the discount and before tax")
    tax: Tax | Literal["external"] | None = Field(default=None, description="one tax line; external: billed elsewhere")
    net_days: Annotated[int, Field(ge=0, le=365)] | None = Field(
        default=None, description="days until the statement is due"
    )


class CustomerIds(Written):
    """What the customer is called in other systems."""

    stripe: Annotated[
        Text, Pattern(r"^cus_\w+$", "must be the id of a Stripe customer: cus_ and letters or digits")
    ] | (None) = Field(default=None, description="id of the customer in Stripe")
    quickbooks: Name | None = Field(default=None, description="name of the customer in QuickBooks")


class Customer(Written):
    """A customer of several tenants, or one with values of its own: customers/<customer>.yaml."""

    customer: Slug = Field(description="the slug, equal to the file's name; tenants name it as `customer`")
    name: Name = Field(description="name of the customer on statements")
    statement: Literal["together", "each"] = Field(
        default="each", description="together: one statement for all its tenants; each: one a tenant"
    )
    ids: CustomerIds = Field(default=CustomerIds(), description="what the customer is called in other systems")
    terms: CustomerTerms = Field(
        default=CustomerTerms.model_construct(), description="values that replace the tenants' own"
    )


class Amendment(Written):
    """A change of terms from a day on, in periods that are not closed."""

    from_: Day = Field(alias="from", description="first day of the change")
    plan: Slug | None = Field(default=None, description="the plan whose terms are laid over from that day on")
    terms: dict[str, Any] | None = Field(default=None, description="terms that are laid over from that day on")
    reason: Text = Field(description="why, such as a ticket")

    @model_validator(mode="after")
    def _changes_one_thing(self) -> "Amendment":
        if (self.plan is None) == (self.terms is None):
            raise refusal("needs exactly one of plan and terms", about="from")
        return self
