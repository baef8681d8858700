"""Gathering a drift report: from manifests, a state and Twilio to findings, without a run of the program."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from tenantry.engine.state import StateResource
from tenantry.manifest.load import Loaded
from tenantry.model.resources import FLEET
from tenantry.reports.drift.accounts import Accounts, account_findings, accounts_of, unmanaged_accounts
from tenantry.reports.drift.compare import object_findings
from tenantry.reports.drift.expected import Expected, expected_of
from tenantry.reports.drift.finding import of_parent
from tenantry.reports.drift.found import Found, look
from tenantry.reports.drift.groups import grouped
from tenantry.reports.drift.notes import attested_findings, overdue_findings, too_old, unreadable_findings
from tenantry.reports.drift.unmanaged import unmanaged_findings
from tenantry.reports.drift.values import Counts, Finding, Report
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import Refused
from tenantry.twilio.session import Session

IN_FLIGHT = 64
MOST_MISSING = 5
MOST_MISSING_SHARE = 100
"""As in a refresh: where more accounts are missing than this, in number and one in so many, our question is wrong."""

Told = Callable[[int], None]


def find_drift(
    loaded: Loaded,
    state: Iterable[StateResource] | None,
    session: Session,
    today: date,
    *,
    slugs: Collection[str] | None = None,
    retention: bool = False,
    told: Told = lambda _: None,
) -> Report:
    """Compare the tenants, or those named, with Twilio; `told` is called with the number of accounts looked at.

    Without a state (None) accounts and objects are looked up by name, as an `up` would. Raises `TwilioError` where
    nothing can be compared: wrong credentials, no list of accounts, or more accounts missing than can be true.
    """
    known = tuple(state or ())
    session.check_parent(loaded.stack.parent)
    session.check_parent(_recorded_parent(known))
    everyone = expected_of(loaded, known, today)
    chosen = tuple(one for one in everyone if slugs is None or one.slug in slugs)
    live = _accounts(session, chosen)
    run = _Run(session, accounts_of(live, everyone), state is not None, retention, told)
    parent = session.accounts.get(session.parent_sid)
    if parent is not None and parent.status != "active":
        return _report(loaded, session, run, (), [of_parent(parent)])
    findings = [*run.findings(chosen), *(unmanaged_accounts(run.accounts) if slugs is None else ())]
    return _report(loaded, session, run, chosen, findings)


@dataclass(frozen=True)
class _Run:
    """One comparison of many tenants."""

    session: Session
    accounts: Accounts
    with_state: bool
    retention: bool
    told: Told

    def findings(self, chosen: Sequence[Expected]) -> Iterator[Finding]:
        """Yield what is found, tenant by tenant."""
        looked = self._look_at([one for one in chosen if self.is_awake(one)])
        for one in chosen:
            yield from account_findings(one, self.accounts, with_state=self.with_state)
            yield from attested_findings(one)
            if (found := looked.get(one.slug)) is not None:
                yield from object_findings(one, found, with_state=self.with_state)
                yield from unmanaged_findings(one, found)
                yield from unreadable_findings(one, found)
                yield from overdue_findings(one, found)

    def is_awake(self, one: Expected) -> bool:
        """Return whether a tenant's objects are to be looked at: those of all others rest."""
        account = self.accounts.own.get(one.slug)
        return one.is_open and account is not None and account.status == "active"

    def _look_at(self, awake: Sequence[Expected]) -> dict[str, Found]:
        looked: dict[str, Found] = {}
        pool = ThreadPoolExecutor(IN_FLIGHT)
        try:
            for one, found in zip(awake, pool.map(self._look, awake), strict=True):
                looked[one.slug] = found
                self.told(len(looked))
        finally:
            pool.shutdown(cancel_futures=True)  # or Ctrl-C would wait for a thousand tenants
        return looked

    def _look(self, one: Expected) -> Found:
        days = too_old(one) if self.retention else {}
        return look(self.session, self.accounts.own[one.slug], one.objects, days)


def _recorded_parent(state: Iterable[StateResource]) -> str | None:
    recorded = (one.outputs.get("account_sid") for one in state if one.name == FLEET)
    return next((sid for sid in recorded if isinstance(sid, str)), None)


def _accounts(session: Session, chosen: Sequence[Expected]) -> tuple[LiveAccount, ...]:
    """Return all subaccounts; one that we know and the list lacks is asked for before anybody calls it missing."""
    listed = session.subaccounts.all()
    known = {sid for one in chosen if (sid := one.account.sid) is not None}
    absent = sorted(known - {account.sid for account in listed})
    if len(absent) > MOST_MISSING and len(absent) * MOST_MISSING_SHARE > len(known):
        raise Refused(
            f"Twilio does not know {len(absent)} of this stack's {len(known)} accounts",
            what="Comparing the accounts",
            next_step="Check that the credentials and the state are those of this stack.",
        )
    found = (session.accounts.refresh(sid) for sid in absent)
    return (*listed, *(account for account in found if account is not None and not account.is_parent))


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
        resting=sum(not run.is_awake(one) for one in chosen),
        counts=Counts(high=severities.count("high"), low=severities.count("low"), note=severities.count("note")),
        groups=grouped(findings),
    )
