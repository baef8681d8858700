"""An API key as it is stored."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class ApiKey:
    """A standard, restricted or main key; `policy` is only a restricted one's."""

    sid: str
    account_sid: str
    friendly_name: str | None
    secret: str = field(repr=False)
    date_created: datetime
    date_updated: datetime
    kind: str = "standard"
    policy: tuple[str, ...] | None = None
