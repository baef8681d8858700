"""Charges: what a customer pays for usage, by one of five pricing strategies.

A charge counts what its usage categories report. All of a category's price is our cost.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from tenantry.model.money import check_price
from tenantry.model.usage_category import Category
from tenantry.model.written import Name, Number, Slug, Written, refusal

EVERYTHING_ELSE = "*"
"""The charge of this name is totalprice minus what other charges cover."""

Price = Annotated[Number, AfterValidator(check_price), WithJsonSchema({"type": "number", "minimum": 0})]
Quantity = Literal["count", "usage"]
Units = Annotated[int, Field(ge=0, le=10**12)]
Categories = Annotated[tuple[Category, ...], Field(strict=False)]


def _below_a_hundred(value: Decimal) -> Decimal:
    if value >= 100:
        raise refusal(
            "must be below 100: a margin is a share of the price, and cost ÷ (1 − margin) has no value at 100"
        )
    return value


MarkupPercent = Annotated[Number, AfterValidator(check_price), WithJsonSchema({"type": "number", "minimum": 0})]
MarginPercent = Annotated[
    Number,
    AfterValidator(check_price),
    AfterValidator(_below_a_hundred),
    WithJsonSchema({"type": "number", "minimum": 0, "exclusiveMaximum": 100}),
]


class AnyCharge(Written):
    """What charges of every strategy have."""

    label: Name = Field(description="the line's name on the statement, in the customer's words")
    usage_categories: Categories = Field(
        default=(), description="Twilio's usage categories that the charge covers; default: the charge's name"
    )
    quantity_of: Categories = Field(
        default=(), description="those of them whose units are counted; required with several categories"
    )
    quantity: Quantity | None = Field(
        default=None, description="what is counted, count or usage; required where anything is counted"
    )


class Fixed(AnyCharge):
    """The cost with a margin or a mark-up, or a price a unit."""

    strategy: Literal["fixed"] = Field(description="how the price is made; a layer that says it starts the charge anew")
    margin_percent: MarginPercent | None = Field(
        default=None, description="share of the price that is ours: 3 is cost ÷ 0.97"
    )
    markup_percent: MarkupPercent | None = Field(default=None, description="on top of the cost: 3 is cost × 1.03")
    price: Price | None = Field(default=None, description="price of a unit")

    @model_validator(mode="after")
    def _has_one_price(self) -> "Fixed":
        given = [self.margin_percent, self.markup_percent, self.price]
        if sum(value is not None for value in given) != 1:
            raise refusal("needs exactly one of margin_percent, markup_percent and price", about="strategy")
        return self


class Band(Written):
    """A part of the month's units, with its margin. The last band is open: it has no `next`."""

    next: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="how many of the next units; left out in the last band, which takes the rest"
    )
    margin_percent: MarginPercent = Field(description="share of the price that is ours")


class Dynamic(AnyCharge):
    """A margin that depends on the number of units; each unit costs the period's average."""

    strategy: Literal["dynamic"] = Field(
        description="how the price is made; a layer that says it starts the charge anew"
    )
    bands: Annotated[tuple[Band, ...], Field(strict=False, min_length=1)] = Field(
        description="margins, from the first unit on; the last band is open"
    )

    @model_validator(mode="after")
    def _ends_open(self) -> "Dynamic":
        if self.bands[-1].next is not None:
            raise refusal("nothing is said of units above the last band; leave out its `next`", about="bands")
        if any(band.next is None for band in self.bands[:-1]):
            raise refusal("only the last band may leave out `next`", about="bands")
        return self


class Tiers(AnyCharge):
    """Units that are included in the fee. What is above them is shown and not charged."""

    strategy: Literal["tiers"] = Field(description="how the price is made; a layer that says it starts the charge anew")
    included: Units | None = Field(default=None, description="units a month in the fee; left out: unlimited")


class TiersWithOverage(AnyCharge):
    """Units that are included in the fee, and a price for each unit above them."""

    strategy: Literal["tiers_with_overage"] = Field(
        description="how the price is made; a layer that says it starts the charge anew"
    )
    included: Units = Field(description="units a month in the fee")
    overage_price: Price = Field(description="price of each unit above those included")


class Pack(Written):
    """A pack of credits, as a customer buys it."""

    credits: Annotated[int, Field(ge=1)] = Field(description="credits in the pack, in the customer's words")
    units: Annotated[int, Field(ge=1)] = Field(description="units that these credits pay for")
    price: Price = Field(description="what the pack costs the customer")
    days: Annotated[int, Field(ge=1, le=3660)] = Field(
        description="days that the pack is valid, the first one included"
    )


class WhenEmpty(Written):
    """What a unit costs that no credits cover."""

    price: Price = Field(description="price of a unit that no credits cover")


class Credits(AnyCharge):
    """Units that were paid in advance, in packs."""

    strategy: Literal["credits"] = Field(
        description="how the price is made; a layer that says it starts the charge anew"
    )
    packs: dict[Slug, Pack] = Field(description="what can be bought, by name", min_length=1)
    when_empty: WhenEmpty | Literal["stop"] = Field(
        description="price of a unit that no credits cover; stop: shown at 0.00, our cost, and you are notified"
    )


Charge = Annotated[Fixed | Dynamic | Tiers | TiersWithOverage | Credits, Field(discriminator="strategy")]
CHARGES = (Fixed, Dynamic, Tiers, TiersWithOverage, Credits)


def covered_by(name: str, charge: AnyCharge) -> tuple[str, ...]:
    """Return the usage categories that a charge covers; none for the charge of everything else."""
    return () if name == EVERYTHING_ELSE else charge.usage_categories or (name,)


def counted_by(name: str, charge: AnyCharge) -> tuple[str, ...]:
    """Return the usage categories whose units a charge counts."""
    return charge.quantity_of or covered_by(name, charge)
