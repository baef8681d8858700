"""The story of a drift check: manifests and the state are read once, Twilio is listed, and nothing is changed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded
from tenantry.operations.drift.accounts import ENTRY, compare_account, find_unmanaged_accounts
from tenantry.operations.drift.compare import compare_objects
from tenantry.operations.drift.expected import Expected
from tenantry.operations.drift.finding import as_observed, make_parent_finding
from tenantry.operations.drift.found import Found
from tenantry.operations.drift.groups import group_findings
from tenantry.operations.drift.looking import OnAccount, Tenants, find_tenants, look_into_accounts
from tenantry.operations.drift.notes import find_overdue, report_attested, report_unreadable, too_old
from tenantry.operations.drift.unmanaged import find_strangers, find_unfit_ignores
from tenantry.operations.drift.values import Counts, Finding, Report
from tenantry.operations.errors import StoppedError
from tenantry.operations.ledger.held import Held, read_held
from tenantry.operations.ledger.opening import Place
from tenantry.operations.stack.about import hint_at_fake
from tenantry.operations.stack.focus import Focus, refuse_unknown
from tenantry.operations.stack.open import WITHOUT_STATE, Opened, load_manifests, read_state_of
from tenantry.operations.stack.wanted import Wanted
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session


@dataclass(frozen=True)
class Source:
    """What Twilio is compared with: manifests, the state where it was read, and the tenants that are asked for."""

    loaded: Loaded
    state: tuple[StateResource, ...] | None
    slugs: Focus
    folder: Path


@dataclass(frozen=True)
class FoundDrift:
    """The report, what it has cost, and a hint where accounts are missing that were those of a fake."""

    report: Report
    traffic: Traffic
    hint: str = ""


def read_stack(opened: Opened, slugs: Focus) -> Source:
    """Read the state of a stack; raises StoppedError."""
    return Source(
        opened.loaded, read_state_of(opened, "Nothing was compared.", WITHOUT_STATE), slugs, opened.project.folder
    )


def read_manifests(root: Path, stack: str | None, wanted: Wanted, environ: Mapping[str, str]) -> Source:
    """Read manifests and no state, for which no engine is needed; raises StoppedError."""
    loaded = load_manifests(root, stack or environ.get("PULUMI_STACK"))
    refuse_unknown(loaded, wanted.names)
    return Source(loaded, None, frozenset(wanted.names) or None, root)


def look_for_drift(
    source: Source,
    environ: Mapping[str, str],
    today: date,
    *,
    retention: bool = False,
    on_account: Callable[[int], None] = lambda _: None,
) -> FoundDrift:
    """Compare with Twilio; raises StoppedError. `on_account` is called with the number of accounts looked at."""
    try:
        session = Session.from_env(environ)
        report = find_drift(
            source.loaded,
            source.state,
            session,
            today,
            slugs=source.slugs,
            retention=retention,
            on_account=on_account,
            held=read_held(Place(source.folder, source.loaded.stack, environ)),
        )
    except TwilioError as error:
        raise StoppedError(f"{error} Nothing was compared.{hint_at_fake(source.state, environ)}") from error
    is_missing = any(group.kind == "missing" and group.entry == ENTRY for group in report.groups)
    return FoundDrift(report, session.traffic, hint_at_fake(source.state, environ) if is_missing else "")


def find_drift(
    loaded: Loaded,
    state: Iterable[StateResource] | None,
    session: Session,
    today: date,
    *,
    slugs: Collection[str] | None = None,
    retention: bool = False,
    on_account: OnAccount = lambda _: None,
    held: Held | None = None,
) -> Report:
    """Compare the tenants, or those named, with Twilio; `on_account` is called with the number of accounts looked at.

    Without a state (None) it finds accounts and objects by `adopt`, otherwise by name, as an `up` would.
    Raises `TwilioError` where nothing can be compared.
    """
    tenants = find_tenants(loaded, tuple(state or ()), session, today, slugs)
    run = _Run(session, tenants, state is not None, retention, on_account, held or Held())
    parent = session.accounts.get(session.parent_sid)
    if parent is not None and parent.status != "active":
        return _report(loaded, session, run, (), [make_parent_finding(parent)])
    findings = [
        *run.findings(),
        *(find_unmanaged_accounts(tenants.accounts, loaded.stack, today) if slugs is None else ()),
    ]
    return _report(loaded, session, run, tenants.chosen, findings)


@dataclass(frozen=True)
class _Run:
    """One comparison of many tenants."""

    session: Session
    tenants: Tenants
    with_state: bool
    retention: bool
    on_account: OnAccount
    held: Held

    def findings(self) -> Iterator[Finding]:
        """Yield what is found, tenant by tenant."""
        active = [tenant for tenant in self.tenants.chosen if self.is_awake(tenant)]
        records = {"too_old": too_old} if self.retention else {}
        looked = look_into_accounts(self.session, self.tenants, active, on_account=self.on_account, **records)
        for tenant in self.tenants.chosen:
            yield from compare_account(
                tenant, self.tenants.accounts, with_state=self.with_state, held=self.held.of(tenant.slug)
            )
            yield from report_attested(tenant)
            if (found := looked.get(tenant.slug)) is not None:
                yield from self._compare(tenant, found)
                strangers = tuple(find_strangers(tenant, found))
                yield from (stranger.finding for stranger in strangers)
                yield from report_unreadable(tenant, found)
                yield from find_unfit_ignores(tenant, found, strangers)
                yield from find_overdue(tenant, found)

    def _compare(self, tenant: Expected, found: Found) -> Iterator[Finding]:
        if not tenant.is_observed:
            yield from compare_objects(tenant, found, with_state=self.with_state)
            return
        for compared in compare_objects(tenant, found, with_state=False):
            yield as_observed(compared)

    def is_awake(self, tenant: Expected) -> bool:
        """Return whether a tenant's objects are to be looked at: those of all others rest."""
        return tenant.is_open and self.tenants.has_active(tenant)


def _report(
    loaded: Loaded, session: Session, run: _Run, chosen: Sequence[Expected], findings: Sequence[Finding]
) -> Report:
    severities = [finding.severity for finding in findings]
    return Report(
        format=1,
        stack=loaded.stack.name,
        parent=session.parent_sid,
        state="read" if run.with_state else "none",
        tenants=len(chosen),
        resting=sum(not run.is_awake(tenant) for tenant in chosen),
        counts=Counts(high=severities.count("high"), low=severities.count("low"), note=severities.count("note")),
        groups=group_findings(findings),
    )
