"""What every listed record has."""

from typing import Protocol


class Owned(Protocol):
    """Anything with a SID that is listed under an account."""

    @property
    def sid(self) -> str: ...

    @property
    def account_sid(self) -> str: ...
