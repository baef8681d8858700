"""What Twilio and the sinks say of a key: when it was made, who has its newest generation, and whether that works."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tenantry.operations.key_secrets import StoredKey
from tenantry.operations.rotation.rotating_keys import RotatingKey
from tenantry.operations.rotation.sinks import OpenSink
from tenantry.secret_sinks.errors import SinkError
from tenantry.secret_sinks.secret import Version
from tenantry.twilio.errors import NotFound, TwilioError
from tenantry.twilio.http.limit import THREADS
from tenantry.twilio.session import Session


@dataclass(frozen=True)
class AccountKeys:
    """The keys of one account at Twilio."""

    status: str | None
    """Of the account; None where Twilio has no such account."""
    made_at: Mapping[str, datetime | None] = field(default_factory=dict)
    """When each key was made, by SID."""
    error: str | None = None
    """Why Twilio could not be asked."""


@dataclass(frozen=True)
class Proof:
    """What is known of the newest generation of a key."""

    delivered: Mapping[str, datetime | None] = field(default_factory=dict)
    """Since when each sink has it, whole; None where the sink does not say."""
    lacking_sinks: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    """Why a sink, or Twilio, could not be asked."""
    works: bool | None = None
    """Whether it answered a real call; None where that was not asked."""

    @property
    def is_whole(self) -> bool:
        """Whether every sink has it, and it works."""
        return self.works is True and not self.lacking_sinks and not self.failures


def look_at_accounts(session: Session, sids: Sequence[str]) -> Mapping[str, AccountKeys]:
    """Return the keys of accounts, one call each; raises TwilioError where the accounts can't be listed."""
    if not sids:
        return {}
    session.accounts.all()
    with ThreadPoolExecutor(THREADS) as pool:
        return dict(zip(sids, pool.map(lambda sid: _look_at_account(session, sid), sids), strict=True))


def _look_at_account(session: Session, sid: str) -> AccountKeys:
    try:
        account = session.accounts.get(sid)
        if account is None or account.status != "active":
            return AccountKeys(account.status if account else None)
        return AccountKeys("active", {live.sid: live.created for live in session.api_keys.list(sid)})
    except NotFound:
        return AccountKeys(None)
    except TwilioError as error:
        return AccountKeys("active", error=str(error))


def prove_keys(
    session: Session,
    keys: Sequence[RotatingKey],
    sinks: Mapping[str, OpenSink],
    on_key: Callable[[int], None] = lambda _: None,
) -> Mapping[str, Proof]:
    """Look for the newest generation of each key in its sinks, and try it; return what came of it by the key's name."""
    proofs: dict[str, Proof] = {}
    with ThreadPoolExecutor(THREADS) as pool:
        for key, proof in zip(keys, pool.map(lambda key: prove_key(session, key, sinks), keys), strict=True):
            proofs[key.name] = proof
            on_key(len(proofs))
    return proofs


def prove_key(session: Session, key: RotatingKey, sinks: Mapping[str, OpenSink]) -> Proof:
    """Look at the newest generation of a key, which exists."""
    stored = stored_of(key, key.newest)
    if stored is None:
        return Proof(lacking_sinks=key.held.sinks)
    delivered: dict[str, datetime | None] = {}
    lacking_sinks, failures = [], []
    for name in key.held.sinks:
        try:
            version = sinks[name].version(key.held)
        except SinkError as error:
            failures.append(f"{name}: {error}")
            continue
        if version is not None and version.holds(stored.sid, key.newest):
            delivered[name] = _delivered_at(version)
        else:
            lacking_sinks.append(name)
    if not stored.secret:
        return Proof(delivered, tuple(lacking_sinks), tuple(failures))
    try:
        works = session.key_proofs.prove(stored.account_sid, stored.sid, stored.secret)
    except TwilioError as error:
        return Proof(delivered, tuple(lacking_sinks), (*failures, str(error)))
    return Proof(delivered, tuple(lacking_sinks), tuple(failures), works)


def stored_of(key: RotatingKey, generation: int) -> StoredKey | None:
    """Return what the state has of a generation."""
    return next((stored for stored in key.held.generations if stored.key.generation == generation), None)


def _delivered_at(version: Version) -> datetime | None:
    try:
        moment = datetime.fromisoformat(version.delivered_at)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
