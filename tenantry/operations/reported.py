"""The base of all values that a report is made from."""

from pydantic import BaseModel, ConfigDict


class Reported(BaseModel):
    """The base of everything that is reported."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
