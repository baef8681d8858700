"""What a plan would make and Twilio has already: accounts, and what is in them.

An account is found as a run finds it (tenantry/providers/ownership.py): by its SID where a manifest adopts it, by its
name where a person recovers a lost state or an unfinished run may have made it. What has the name of ours and is
nobody's is refused here as there.
"""

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from threading import Lock
from typing import Any, cast

from tenantry.engine.events.changes import Change, changes_between
from tenantry.engine.events.event import Diagnostic
from tenantry.engine.events.existing import UNASKED, Existing, Steps
from tenantry.engine.events.plan import Step
from tenantry.engine.run.command import CommandError
from tenantry.engine.run.focus import CLOSING_VARIABLE, closing_in
from tenantry.engine.state.deployment import read_state
from tenantry.engine.state.record import StackRecord
from tenantry.engine.state.recovery import is_recovering
from tenantry.model.event_subscription import EventSubscriptionSpec
from tenantry.model.kinds import KINDS
from tenantry.model.resources import Resource, resources_of
from tenantry.model.spec import ChildSpec
from tenantry.model.subaccount import RECOVERS, TAKES_OVER, SubaccountSpec, slug_mark
from tenantry.model.tenant import Tenant
from tenantry.providers.account_adoption import adoptable_account, not_ours, refuse_name_of_another
from tenantry.providers.connection import Connection
from tenantry.providers.finding import Found, account_as_found, find_adopted, find_named
from tenantry.providers.lost_answers import is_young
from tenantry.twilio.errors import CredentialsMissing, Refused, TwilioError
from tenantry.twilio.http.retry_policy import QUICK
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.live import Live
from tenantry.twilio.session import Session
from tenantry.twilio.subaccount import LiveAccount

RECORDS = ("account_state", "retention")
"""Kinds that are no objects of Twilio's: after a lost state they are written down anew."""
THREADS = 32
UNKNOWN_SECRET = "unknown: Twilio tells it once; add a generation to have one that is known"  # noqa: S105


def find_existing(
    tenants: Mapping[str, Tenant],
    environ: Mapping[str, str],
    stack: StackRecord,
    steps: Steps,
    today: date,
) -> tuple[Existing, Traffic]:
    """Return what exists of what these steps make, and what it has cost to ask; nothing without credentials."""
    try:
        connection = Connection(Session.from_env(environ, retry_policy=QUICK))
    except CredentialsMissing:
        return Existing(), Traffic()
    try:
        existing = Look(tenants, environ, stack, connection, today).find(steps)
    except (TwilioError, CommandError) as error:
        existing = Existing(unseen=(Diagnostic("warning", "", UNASKED.format(error)),))
    return existing, connection.session.traffic


@dataclass(frozen=True)
class _Tenant:
    """The account of a tenant, and which of its resources are made."""

    account: LiveAccount
    spec: SubaccountSpec
    is_new: bool
    """Whether the state lacks the account."""
    children: tuple[Resource, ...]


class Look:
    """One look at what the steps of a plan would find."""

    def __init__(
        self,
        tenants: Mapping[str, Tenant],
        environ: Mapping[str, str],
        stack: StackRecord,
        connection: Connection,
        today: date,
    ) -> None:
        self._tenants = tenants
        self._environ = environ
        self._stack = stack
        self._connection = connection
        self._today = today
        self._lock = Lock()
        self._adopters = _adopters_in(tenants, today)

    def find(self, steps: Steps) -> Existing:
        """Return what is there; raises TwilioError and CommandError."""
        slugs = sorted({str(step.slug) for step in steps.values()} & self._tenants.keys())
        held = self._find_held([slug for slug in slugs if slug not in steps])
        accounts = [self._account(slug, steps, held) for slug in slugs]
        tenants = [tenant for _, tenant in accounts if tenant]
        with ThreadPoolExecutor(THREADS) as pool:
            inside = pool.map(lambda tenant: self._inside(tenant, steps, held), tenants)
            return Existing.join([*(found for found, _ in accounts), *inside])

    def _find_held(self, slugs: Collection[str]) -> Mapping[str, str]:
        """Return the SIDs that the state holds, by name, where tenants are in it already."""
        if not slugs:
            return {}
        resources = read_state(self._stack.exported)
        return {resource.name: resource.sid for resource in resources if resource.sid}

    def _account(self, slug: str, steps: Steps, held: Mapping[str, str]) -> tuple[Existing, _Tenant | None]:
        """Return what there is of a tenant's account, and where to look on."""
        closing = closing_in(self._environ.get(CLOSING_VARIABLE, ""))
        first, *rest = resources_of(self._tenants[slug], self._today, closing)
        spec, is_new = cast(SubaccountSpec, first.spec), slug in steps
        children = tuple(child for child in rest if child.name in steps)
        if not is_new:
            account = self._connection.session.accounts.get(held[slug]) if children and slug in held else None
            return Existing(), _Tenant(account, spec, is_new, children) if account else None
        try:
            account = self._find_account(spec)
        except Refused as error:
            return Existing(refused=(Diagnostic("error", steps[slug].urn, str(error)),)), None
        if account is None:
            return Existing(), None
        changes = (*_changes(account_as_found(spec, account)), self._whose(spec, account))
        refused = tuple(Diagnostic("error", steps[slug].urn, reason) for reason in self._refusals(spec, account))
        return Existing({slug: changes}, refused), _Tenant(account, spec, is_new, children)

    def _refusals(self, spec: SubaccountSpec, account: LiveAccount) -> Iterator[str]:
        """Yield why a run would not take over an account, though it is one that can be."""
        try:
            refuse_name_of_another(account, spec.slug, self._tenants)
        except Refused as refused:
            yield str(refused)

    def _find_account(self, spec: SubaccountSpec) -> LiveAccount | None:
        """Return the account that a run would take over; raises Refused where it would refuse that."""
        if spec.ending == "released":
            return None
        everyone = self._connection.accounts_before_creating()
        if spec.adopt:
            listed = next((account for account in everyone if account.sid == spec.adopt), None)
            account = adoptable_account(self._connection, spec.slug, spec.adopt, listed)
            self._connection.remember_adopted(spec.adopt)
            return account
        mark = slug_mark(spec.slug)
        named = [candidate for candidate in everyone if candidate.friendly_name.endswith(mark)]
        living = [candidate for candidate in named if candidate.status != "closed"]
        if len(living) != 1:
            return None  # of several the run tells which they are
        [account] = living
        created, is_recovered = account.created, is_recovering(self._environ)
        if not is_recovered and not self._stack.may_have_made(spec.slug, created):
            raise not_ours(account, spec.slug)
        if is_recovered or created is None or not self._stack.is_of_unfinished_run(spec.slug, created):
            self._connection.remember_adopted(account.sid)  # so its keys stay, as in the run
        return account

    def _whose(self, spec: SubaccountSpec, account: LiveAccount) -> Change:
        called = f"{account.sid} '{account.friendly_name}'"
        if spec.adopt:
            return Change(TAKES_OVER, "add", None, called)
        if is_recovering(self._environ):
            return Change(RECOVERS, "add", None, called)
        return Change(TAKES_OVER, "add", None, f"{called}, of a run that did not end")

    def _inside(self, tenant: _Tenant, steps: Steps, held: Mapping[str, str]) -> Existing:
        """Return what there is in an account; where Twilio does not show that, why: one tenant's trouble is its own."""
        changes = dict(_records(tenant)) if tenant.is_new else {}
        refused: list[Diagnostic] = []
        if tenant.account.status != "active":
            return Existing(changes)
        try:
            for resource, found in self._objects(tenant, steps, held):
                if isinstance(found, Refused):
                    refused.append(Diagnostic("error", steps[resource.name].urn, str(found)))
                else:
                    changes[resource.name] = (*_changes(found), *_told_once(resource))
        except TwilioError as error:
            unseen = Diagnostic("warning", steps[tenant.children[0].name].urn, UNASKED.format(error))
            return Existing(changes, tuple(refused), (unseen,))
        return Existing(changes, tuple(refused))

    def _objects(
        self, tenant: _Tenant, steps: Steps, held: Mapping[str, str]
    ) -> Iterator[tuple[Resource, Found | Refused]]:
        """Yield the objects that are there, and why some can't be adopted; raises TwilioError."""
        sink = held.get(f"{tenant.spec.slug}/event_sink/debugger")
        for child in tenant.children:
            spec = cast(ChildSpec, child.spec)
            if child.kind in RECORDS or spec.released:
                continue
            links = {
                "account_sid": tenant.account.sid,
                **({"sink_sid": sink} if child.kind == "event_subscription" else {}),
            }
            found = self._object(tenant, steps[child.name], child, spec.model_copy(update=links))
            if found is not None:
                yield child, found
            if child.kind == "event_sink":
                sink = getattr(spec, "adopt", None) or (found.sid if isinstance(found, Found) else sink)

    def _object(self, tenant: _Tenant, step: Step, resource: Resource, spec: ChildSpec) -> Found | Refused | None:
        if adopt := getattr(spec, "adopt", None):
            try:
                return find_adopted(self._connection, resource.kind, spec, adopt)
            except Refused as refused:
                return refused
        lacks_sink = isinstance(spec, EventSubscriptionSpec) and spec.sink_sid is None
        if step.op == "replace" or lacks_sink:
            return None
        return find_named(self._connection, resource.kind, spec, partial(self._is_left, tenant, resource))

    def _is_left(self, tenant: _Tenant, resource: Resource, live: Live[Any]) -> bool:
        """Return whether a run would leave an object that has our name: to another entry, or as a lost key."""
        return self._adopters.get(live.sid, resource.name) != resource.name or self._is_lost(tenant, resource, live)

    def _is_lost(self, tenant: _Tenant, resource: Resource, live: Live[Any]) -> bool:
        """Return whether a run would take an object for a key whose secret nobody was told, and make it anew."""
        created, account_sid = live.created, tenant.account.sid
        if resource.kind != "api_key" or created is None or not is_young(self._connection, created):
            return False
        with self._lock:
            return not self._connection.has_adopted(account_sid) and self._stack.may_have_lost(
                resource.name, tenant.spec.slug, created
            )


def _adopters_in(tenants: Mapping[str, Tenant], today: date) -> Mapping[str, str]:
    """Return the names of the resources that adopt something, by its SID."""
    resources = (resource for tenant in tenants.values() for resource in resources_of(tenant, today))
    return {sid: resource.name for resource in resources if (sid := getattr(resource.spec, "adopt", None))}


def _records(tenant: _Tenant) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """Yield what a lost state had besides objects: it is written down anew, and nothing is made in Twilio."""
    for child in tenant.children:
        if child.kind == "retention" and not tenant.spec.adopt:
            yield child.name, ()
        if child.kind == "account_state":
            wanted, status = child.spec.props()["status"], tenant.account.status
            yield child.name, () if wanted == status else (Change("status", "update", status, wanted),)


def _told_once(resource: Resource) -> Iterator[Change]:
    """Yield that nobody knows any more what Twilio told when it made an object."""
    if KINDS[resource.kind].is_credential:
        yield Change("secret", "add", None, UNKNOWN_SECRET)


def _changes(found: Found) -> tuple[Change, ...]:
    return changes_between(found.has, found.wanted)
