"""How statements are numbered and when they are closed: `statements` in tenantry.yaml."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from tenantry.model.charge import Price
from tenantry.model.statement_number import check_number_form
from tenantry.model.written import Text, Written


class Statements(Written):
    """How statements are numbered and when they are closed."""

    number: Annotated[Text, AfterValidator(check_number_form)] = Field(
        description="form of a number, with {sequence:06} and perhaps {year} and {stack}"
    )
    close_after_days: Annotated[int, Field(ge=0, le=60)] = Field(
        default=3, description="days after the month before it can be closed"
    )
    read_again_after_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=35, description="days after the month when usage is read again, for corrections"
    )
    ignore_corrections_below: Price = Field(
        default=Decimal(0), description="a correction whose every line is below this is not billed"
    )
    branch: Text = Field(default="main", description="branch whose first-parent history says which terms are in force")
