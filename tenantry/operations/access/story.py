"""The story of a look at access: users and their roles, keys of each account, who made them; then what differs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.access import AccessFile
from tenantry.manifest.load import Loaded
from tenantry.operations.access.keys import AccountKeys, find_keys, known_keys
from tenantry.operations.access.people import Held, find_attested, find_people, scope_name
from tenantry.operations.access.values import AccessFinding, AccessReport, Actor
from tenantry.operations.usage.accounts import find_accounts
from tenantry.twilio.audit_events import AuditEvent
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.limit import THREADS
from tenantry.twilio.organization import OrganizationDirectory, User
from tenantry.twilio.session import Session

A = TypeVar("A")
B = TypeVar("B")
SEVERITIES = ("high", "low", "note")
KEPT = timedelta(days=29)
"""How far back the audit log is asked: Twilio keeps 30 days, and refuses an earlier start."""


@dataclass(frozen=True)
class AccessRequest:
    """What is asked: which tenants (None is all), against which access.yaml, and whether for the audit logs of all."""

    loaded: Loaded
    state: Sequence[StateResource] | None
    slugs: Collection[str] | None
    file: AccessFile
    now: datetime
    events: bool = False


@dataclass
class _Found:
    """What was read, and the questions that failed."""

    held: tuple[Held, ...] = ()
    accounts: list[AccountKeys] = field(default_factory=list)
    events: dict[str, tuple[AuditEvent, ...]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def look_at_access(
    request: AccessRequest,
    session: Session,
    organization: OrganizationDirectory | None,
    on_account: Callable[[int], None] = lambda _: None,
) -> AccessReport:
    """Return who may do what; raises TwilioError where nothing can be read at all."""
    accounts = find_accounts(request.loaded, request.state, session, request.slugs).chosen
    slugs = {account.sid: account.slug for account in accounts if account.sid and account.status == "active"}
    found = _Found()
    if organization is not None and request.slugs is None:
        organization.sign_in()
        found.held = _read_people(organization, found.failed)
    parent = {session.parent_sid: None} if request.slugs is None else {}
    _read_keys(session, {**parent, **slugs}, found, on_account)
    keys = list(_find_keys(request, found))
    unknown = {finding.account_sid for finding in keys if finding.kind == "unknown_key"}
    wanted = [sid for sid in slugs if request.events or sid in unknown]
    _read_events(session, wanted, request.now - KEPT, found)
    people = () if request.slugs is not None else _find_people(request, organization, found, slugs)
    findings = [*people, *(_with_maker(finding, found.events) for finding in keys)]
    return AccessReport(
        format=1,
        stack=request.loaded.stack.name,
        parent=session.parent_sid,
        organization=organization.sid if organization and request.slugs is None else None,
        users=len(found.held),
        keys=sum(len(account.keys) for account in found.accounts),
        accounts=len(found.accounts),
        findings=tuple(sorted(findings, key=_order)),
        actors=tuple(_actors(found.events, slugs)) if request.events else (),
        failed=tuple(found.failed),
        is_named=request.slugs is not None,
        left_out=tuple(account.slug for account in accounts if account.sid not in slugs),
    )


def _read_people(organization: OrganizationDirectory, failed: list[str]) -> tuple[Held, ...]:
    """Return all users with their roles: a call for each 100 users, and one a user."""
    roles, users = organization.roles(), organization.users()

    def read(user: User) -> Held:
        try:
            assignments = organization.assignments(user)
        except TwilioError as error:
            failed.append(str(error))
            return Held(user, None, error.came_back)
        if assignments is None:
            return Held(user, None)
        names = ((roles.get(item.role_sid, item.role_sid), item.scope) for item in assignments)
        return Held(user, frozenset((name, scope_name(scope, organization.sid)) for name, scope in names))

    return tuple(_ask_all(read, [user for user in users if user.active]))


def _read_keys(
    session: Session, accounts: Mapping[str, str | None], found: _Found, on_account: Callable[[int], None]
) -> None:
    def read(item: tuple[str, str | None]) -> AccountKeys | str:
        sid, slug = item
        try:
            return AccountKeys(sid, slug, session.api_keys.list(sid))
        except TwilioError as error:
            return str(error)

    for number, result in enumerate(_ask_all(read, accounts.items()), start=1):
        if isinstance(result, str):
            found.failed.append(result)
        else:
            found.accounts.append(result)
        on_account(number)


def _read_events(session: Session, sids: Sequence[str], since: datetime, found: _Found) -> None:
    def read(sid: str) -> tuple[AuditEvent, ...] | str:
        try:
            return session.audit_events.read_since(sid, since)
        except TwilioError as error:
            return str(error)

    for sid, result in zip(sids, _ask_all(read, sids), strict=True):
        if isinstance(result, str):
            found.failed.append(result)
        else:
            found.events[sid] = result


def _ask_all(ask: Callable[[A], B], about: Iterable[A]) -> Iterator[B]:
    """Yield the answer about each, in their order; many are asked at once."""
    pool = ThreadPoolExecutor(THREADS)
    try:
        yield from pool.map(ask, about)
    finally:
        pool.shutdown(cancel_futures=True)  # or Ctrl-C would wait for a thousand accounts


def _find_people(
    request: AccessRequest, organization: OrganizationDirectory | None, found: _Found, slugs: Mapping[str, str]
) -> Iterator[AccessFinding]:
    """Return what is found of people; without an Organization, what somebody saw in the Console."""
    today = request.now.date()
    if organization is None:
        return find_attested(request.file, today)
    return find_people(found.held, request.file, slugs, today)


def _find_keys(request: AccessRequest, found: _Found) -> Iterator[AccessFinding]:
    known = known_keys(request.state)
    for account in found.accounts:
        manifest = request.loaded.tenants.get(account.tenant) if account.tenant else None
        yield from find_keys(account, manifest, known, request.file, request.now)


def _with_maker(finding: AccessFinding, events: Mapping[str, tuple[AuditEvent, ...]]) -> AccessFinding:
    for event in events.get(finding.account_sid or "", ()):
        if event.resource_sid == finding.key_sid and event.event_type.endswith(".created"):
            who = "a person in the Console" if event.source == "web" else f"the {event.actor_type}'s credentials"
            return finding.model_copy(update={"made_by": f"{event.actor_sid or 'unknown'}, {who}"})
    return finding


def _actors(events: Mapping[str, tuple[AuditEvent, ...]], slugs: Mapping[str, str]) -> Iterable[Actor]:
    """Return what each actor did, people in the Console first."""
    found: dict[tuple[str | None, str, str], list[tuple[str, AuditEvent]]] = {}
    for sid, log in events.items():
        for event in log:
            found.setdefault((event.actor_sid, event.actor_type, event.source), []).append((slugs[sid], event))
    for (actor, kind, source), items in sorted(found.items(), key=lambda pair: (pair[0][2] != "web", str(pair[0][0]))):
        names = [event.event_type for _, event in items]
        yield Actor(
            actor_sid=actor,
            actor_type=kind,
            source=source,
            events={name: names.count(name) for name in sorted(set(names))},
            tenants=tuple(sorted({slug for slug, _ in items})),
            last_at=max((event.at for _, event in items if event.at is not None), default=None),
        )


def _order(finding: AccessFinding) -> tuple[object, ...]:
    age = -(finding.age_days or 0)
    return (SEVERITIES.index(finding.severity), finding.kind, age, finding.who or "", finding.key_sid or "")
