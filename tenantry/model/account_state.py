"""The state of a tenant's account: the only thing that suspends or closes one."""

from typing import ClassVar

from tenantry.model.kind import DEFAULT_DANGERS, Danger, Kind, Rank
from tenantry.model.recorded import TOKENS
from tenantry.model.spec import ChildSpec


class AccountStateSpec(ChildSpec):
    """The inputs of an account's state, which only tenants have that are suspended or to be closed."""

    OURS: ClassVar[frozenset[str]] = ChildSpec.OURS | {"never_used"}

    status: str
    """`suspended` or `closed` as an input; read back from Twilio it may be any text."""
    never_used: bool | None = None
    """True where the manifest asks to close it without a notice: Twilio is asked first whether it was used."""


MOST_MISSING = 5
MOST_MISSING_SHARE = 100
"""More missing accounts than this number, and than one in so many, are not believed."""


def is_mass_absence(missing: int, known: int) -> bool:
    """Return whether so many of the known accounts are missing that wrong credentials are likelier than deletions."""
    return missing > MOST_MISSING and missing * MOST_MISSING_SHARE > known


_CHANGES = frozenset({"create", "update", "adopt"})

KIND = Kind(
    name="account_state",
    title="state of the account",
    token=f"{TOKENS}AccountState",
    spec=AccountStateSpec,
    written="state",
    is_ignorable=False,
    dangers=(
        Danger(
            "close",
            _CHANGES,
            "the account is closed for good and its phone numbers are given up; nobody can undo that",
            Rank.TENANT,
            field="status",
            is_met=lambda _old, new: new == "closed",
        ),
        Danger(
            "suspend",
            _CHANGES,
            "the account stops: no calls and no messages until the tenant is active again",
            Rank.TENANT,
            field="status",
            is_met=lambda _old, new: new == "suspended",
        ),
        *DEFAULT_DANGERS,
    ),
)
