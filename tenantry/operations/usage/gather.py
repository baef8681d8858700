"""Reading the usage of many tenants at once: one call each, and a reason for each that can't be read."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded
from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import UsageReading
from tenantry.operations.usage.accounts import FleetAccounts, TenantAccount, find_accounts
from tenantry.twilio.errors import NotFound, TwilioError, Unauthorized
from tenantry.twilio.http.limit import THREADS
from tenantry.twilio.session import Session

GONE = (
    "Twilio has no usage records of account {sid} (404): it was closed more than 30 days ago, or Twilio keeps none "
    "for it"
)
Told = Callable[[int], None]


@dataclass(frozen=True)
class TenantReadings:
    """What was read of one tenant, or why nothing was."""

    account: TenantAccount
    readings: tuple[UsageReading, ...] = ()
    reason: str | None = None
    is_failed: bool = False
    """Whether the question failed, such as for the network: asked again, it may be answered."""

    @property
    def is_read(self) -> bool:
        """Whether there is an answer of Twilio's."""
        return self.reason is None


@dataclass(frozen=True)
class Gathered:
    """The readings of a period, and where they come from."""

    period: UsagePeriod
    accounts: FleetAccounts
    tenants: tuple[TenantReadings, ...]

    @property
    def readings(self) -> tuple[UsageReading, ...]:
        """Every reading of every tenant."""
        return tuple(reading for tenant in self.tenants for reading in tenant.readings)

    @property
    def exit_code(self) -> int:
        """1 where a question failed, 2 where a tenant was left out for a stated reason, else 0."""
        missing = [tenant for tenant in self.tenants if not tenant.is_read]
        if any(tenant.is_failed for tenant in missing):
            return 1
        return 2 if missing else 0


def gather_usage(
    loaded: Loaded,
    state: Sequence[StateResource] | None,
    session: Session,
    period: UsagePeriod,
    *,
    slugs: Collection[str] | None = None,
    on_account: Told = lambda _: None,
) -> Gathered:
    """Read the usage of the tenants, or of those named; `told` is called with the number of accounts read.

    Raises TwilioError where nothing can be read at all.
    """
    accounts = find_accounts(loaded, state, session, slugs)
    return Gathered(period, accounts, tuple(_read_all(session, accounts.chosen, period, on_account)))


def _read_all(
    session: Session, tenants: Sequence[TenantAccount], period: UsagePeriod, on_account: Told
) -> list[TenantReadings]:
    results: list[TenantReadings] = []
    pool = ThreadPoolExecutor(THREADS)
    try:
        for result in pool.map(lambda tenant: read_tenant(session, tenant, period), tenants):
            results.append(result)
            on_account(len(results))
    finally:
        pool.shutdown(cancel_futures=True)  # or Ctrl-C would wait for a thousand tenants
    return results


def read_tenant(session: Session, tenant: TenantAccount, period: UsagePeriod) -> TenantReadings:
    """Read the usage of one tenant by one call."""
    if tenant.sid is None:
        return TenantReadings(tenant, reason=tenant.reason)
    try:
        return TenantReadings(tenant, session.usage_records.read_period(tenant.sid, period, tenant=tenant.slug))
    except NotFound:
        return TenantReadings(tenant, reason=GONE.format(sid=tenant.sid))
    except Unauthorized as error:
        return TenantReadings(tenant, reason=f"Twilio does not let us read it: {error}")
    except TwilioError as error:
        return TenantReadings(tenant, reason=str(error), is_failed=True)
