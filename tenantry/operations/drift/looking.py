"""Looking at tenants in Twilio: their accounts by one list, and what is in those accounts, many at a time."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded
from tenantry.model.account_state import is_mass_absence
from tenantry.model.record_kind import RecordKind
from tenantry.model.resources import FLEET
from tenantry.operations.drift.accounts import Accounts, match_accounts
from tenantry.operations.drift.expected import Expected, gather_expected
from tenantry.operations.drift.found import Found, look
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import Refused
from tenantry.twilio.http.limit import THREADS
from tenantry.twilio.session import Session

OnAccount = Callable[[int], None]


@dataclass(frozen=True)
class Tenants:
    """The tenants that a question is about, and the accounts of the parent."""

    chosen: tuple[Expected, ...]
    accounts: Accounts

    def has_active(self, tenant: Expected) -> bool:
        """Return whether a tenant's account is active: no other can be looked into."""
        account = self.accounts.own.get(tenant.slug)
        return account is not None and account.status == "active"


def find_tenants(
    loaded: Loaded,
    state: Sequence[StateResource],
    session: Session,
    today: date,
    slugs: Collection[str] | None,
) -> Tenants:
    """Return the tenants, or those named, with their accounts.

    Raises `TwilioError` on wrong credentials, without a list of accounts, or if more are missing than can be true.
    """
    session.check_parent(loaded.stack.parent)
    session.check_parent(_recorded_parent(state))
    everyone = gather_expected(loaded, state, today)
    chosen = tuple(tenant for tenant in everyone if slugs is None or tenant.slug in slugs)
    return Tenants(chosen, match_accounts(_accounts(session, chosen), everyone))


def look_into_accounts(
    session: Session,
    tenants: Tenants,
    active: Sequence[Expected],
    *,
    too_old: Callable[[Expected], Mapping[RecordKind, date]] = lambda _: {},
    on_account: OnAccount = lambda _: None,
) -> dict[str, Found]:
    """Return by slug what is in the accounts of tenants; `on_account` gets the number of accounts looked at."""
    looked: dict[str, Found] = {}

    def look_into(tenant: Expected) -> Found:
        return look(session, tenants.accounts.own[tenant.slug], tenant.objects, too_old(tenant))

    pool = ThreadPoolExecutor(THREADS)
    try:
        for tenant, found in zip(active, pool.map(look_into, active), strict=True):
            looked[tenant.slug] = found
            on_account(len(looked))
    finally:
        pool.shutdown(cancel_futures=True)  # or Ctrl-C would wait for a thousand tenants
    return looked


def _recorded_parent(state: Iterable[StateResource]) -> str | None:
    recorded = (resource.outputs.get("account_sid") for resource in state if resource.name == FLEET)
    return next((sid for sid in recorded if isinstance(sid, str)), None)


def _accounts(session: Session, chosen: Sequence[Expected]) -> tuple[LiveAccount, ...]:
    """Return all subaccounts; one that we know and the list lacks is asked for before anybody calls it missing."""
    listed = session.subaccounts.all()
    known = {sid: tenant for tenant in chosen if (sid := tenant.account.sid) is not None}
    absent = sorted(known.keys() - {account.sid for account in listed})
    missing = sum(not _may_be_gone(known[sid]) for sid in absent)
    if is_mass_absence(missing, len(known)):
        raise Refused(
            f"Twilio does not know {missing} of this stack's {len(known)} accounts",
            what="Comparing the accounts",
            next_step="Check that the credentials and the state are those of this stack.",
        )
    found = (session.accounts.refresh(sid) for sid in absent)
    return (*listed, *(account for account in found if account is not None and not account.is_parent))


def _may_be_gone(tenant: Expected) -> bool:
    """Return whether it is no wonder that an account is missing: who is closed vanishes after 30 days."""
    applied, ending = (
        tenant.account.applied,
        tenant.manifest is not None and tenant.manifest.state in ("closed", "released"),
    )
    return ending or tenant.recorded == "closed" or (applied is not None and applied.outputs.get("status") == "closed")
