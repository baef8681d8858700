"""What `tenantry usage` does: find the accounts, read each once, keep what was read, and report or explain it.

read_report(request) -> ReadUsage
read_explanation(request, zone) -> ReadUsage
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.manifest.load import Loaded
from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.errors import StoppedError
from tenantry.operations.stack.about import hint_at_fake
from tenantry.operations.stack.focus import refuse_unknown
from tenantry.operations.usage.explain import Question, explain_usage, find_kept_days
from tenantry.operations.usage.fleet import summarise_fleet
from tenantry.operations.usage.gather import Gathered, gather_usage
from tenantry.operations.usage.keep import find_earlier_readings, keep_readings, open_for_usage
from tenantry.operations.usage.report import report_usage
from tenantry.operations.usage.values import Explanation, UsageReport
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session


@dataclass(frozen=True)
class UsageRequest:
    """Whose usage of which days is wanted; `names` are tenants, and none are all."""

    loaded: Loaded
    state: tuple[StateResource, ...] | None
    names: tuple[str, ...]
    period: UsagePeriod
    now: datetime
    environ: Mapping[str, str] = field(repr=False)
    listener: Callable[[int], None] = field(default=lambda _: None, repr=False)
    """Called with the number of accounts read."""


@dataclass(frozen=True)
class ReadUsage:
    """What was read, as a report or an explanation, and what it took at Twilio."""

    result: UsageReport | Explanation
    exit_code: int
    too_fine: tuple[str, ...]
    """Tenants whose prices are finer than the ledger keeps, so that it kept nothing of theirs."""
    traffic: Traffic


def read_report(request: UsageRequest) -> ReadUsage:
    """Read the usage of the tenants, and of the fleet where all are wanted; raises StoppedError."""
    with _connect(request) as (session, ledger):
        gathered = _gather(request, session)
        fleet = None if request.names else summarise_fleet(session, gathered)
        too_fine = keep_readings(ledger, session.parent_sid, gathered) if ledger else ()
        stack, parent = request.loaded.stack.name, session.parent_sid
        report = report_usage(gathered, stack=stack, parent=parent, now=request.now, fleet=fleet)
        return ReadUsage(report, gathered.exit_code, too_fine, session.traffic)


def read_explanation(request: UsageRequest, zone: tzinfo) -> ReadUsage:
    """Read usage and logs of the one tenant that is named, with days of the logs in a zone; raises StoppedError."""
    with _connect(request) as (session, ledger):
        gathered = _gather(request, session)
        [tenant] = gathered.tenants
        parent = session.parent_sid
        earlier = find_earlier_readings(ledger, parent, tenant, request.period) if ledger else ()
        too_fine = keep_readings(ledger, parent, gathered) if ledger else ()
        keep_days = find_kept_days(request.loaded.tenants.get(tenant.account.slug))
        question = Question(session, tenant, request.period, zone, keep_days, request.now, earlier=earlier)
        return ReadUsage(explain_usage(question), 0, too_fine, session.traffic)


@contextmanager
def _connect(request: UsageRequest) -> Iterator[tuple[Session, Ledger | None]]:
    """Yield Twilio, and the ledger where the stack has one; what either can't do ends the operation."""
    refuse_unknown(request.loaded, request.names)
    try:
        session = Session.from_env(request.environ)
        with open_for_usage(request.loaded.stack, request.environ) as ledger:
            yield session, ledger
    except LedgerError as error:
        raise StoppedError(str(error)) from error
    except TwilioError as error:
        raise StoppedError(f"{error} No usage was read.{hint_at_fake(request.state, request.environ)}") from error


def _gather(request: UsageRequest, session: Session) -> Gathered:
    slugs = frozenset(request.names) or None
    return gather_usage(
        request.loaded, request.state, session, request.period, slugs=slugs, on_account=request.listener
    )
