"""Gathering a drift report: from manifests, a state and Twilio to findings, without a run of the program."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded
from tenantry.operations.drift.accounts import compare_account, find_unmanaged_accounts
from tenantry.operations.drift.compare import compare_objects
from tenantry.operations.drift.expected import Expected
from tenantry.operations.drift.finding import make_parent_finding
from tenantry.operations.drift.groups import group_findings
from tenantry.operations.drift.looking import OnAccount, Tenants, find_tenants, look_into_accounts
from tenantry.operations.drift.notes import find_overdue, report_attested, report_unreadable, too_old
from tenantry.operations.drift.unmanaged import find_unfit_ignores, report_unmanaged
from tenantry.operations.drift.values import Counts, Finding, Report
from tenantry.twilio.session import Session


def find_drift(
    loaded: Loaded,
    state: Iterable[StateResource] | None,
    session: Session,
    today: date,
    *,
    slugs: Collection[str] | None = None,
    retention: bool = False,
    on_account: OnAccount = lambda _: None,
) -> Report:
    """Compare the tenants, or those named, with Twilio; `on_account` is called with the number of accounts looked at.

    Without a state (None) accounts and objects are looked up by name, as an `up` would. Raises `TwilioError` where
    nothing can be compared.
    """
    tenants = find_tenants(loaded, tuple(state or ()), session, today, slugs)
    run = _Run(session, tenants, state is not None, retention, on_account)
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

    def findings(self) -> Iterator[Finding]:
        """Yield what is found, tenant by tenant."""
        active = [tenant for tenant in self.tenants.chosen if self.is_awake(tenant)]
        records = {"too_old": too_old} if self.retention else {}
        looked = look_into_accounts(self.session, self.tenants, active, on_account=self.on_account, **records)
        for tenant in self.tenants.chosen:
            yield from compare_account(tenant, self.tenants.accounts, with_state=self.with_state)
            yield from report_attested(tenant)
            if (found := looked.get(tenant.slug)) is not None:
                yield from compare_objects(tenant, found, with_state=self.with_state)
                yield from report_unmanaged(tenant, found)
                yield from report_unreadable(tenant, found)
                yield from find_unfit_ignores(tenant, found)
                yield from find_overdue(tenant, found)

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
