"""What every record of the v2010 API has."""

from datetime import datetime
from typing import Protocol

from tenantry.fake.records.owned import Owned


class Stamped(Owned, Protocol):
    """Anything that is listed under an account and says when it was made and changed."""

    @property
    def date_created(self) -> datetime: ...

    @property
    def date_updated(self) -> datetime: ...
