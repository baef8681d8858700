"""What one charge covers in one part of a month."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tenantry.operations.billing.rating.values.inputs import Lot


class ChargeUse(NamedTuple):
    """Cost and units of a charge's categories, and the days that its included units are for."""

    cost: Decimal
    """In the currency of the terms."""
    units: Decimal
    days: int
    """Days that count for included units."""
    days_of_month: int
    by_day: tuple[tuple[date, Decimal], ...] = ()
    """Units by day, for credits."""
    lots: tuple[Lot, ...] = ()
    """For credits: with the units that are left when the part begins."""

    def shorten(self, included: int) -> int:
        """Return the included units for these days: by days of the whole month, rounded up."""
        return shorten_included(included, self.days, self.days_of_month)


def shorten_included(included: int, days: int, days_of_month: int) -> int:
    """Return the included units of a month for some of its days, rounded up."""
    return included if days == days_of_month else -(-included * days // days_of_month)
