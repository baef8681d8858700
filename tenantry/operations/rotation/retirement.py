"""Generations that a person took out of a manifest by hand, and that an `up` keeps until their successor is proven."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import Field

from tenantry.engine.run.command import CommandError
from tenantry.engine.run.kept_keys import KEPT_VARIABLE, RETIRE_VARIABLE, join_kept, waived_in
from tenantry.engine.state.deployment import StateResource, load_state
from tenantry.model.rotation import is_guarded
from tenantry.model.stack_name import short_name
from tenantry.model.tenant import ENDED_STATES
from tenantry.operations.errors import StoppedError
from tenantry.operations.key_secrets import StoredKey, read_stored_keys
from tenantry.operations.reported import Reported
from tenantry.operations.rotation.decide import INACTIVE, LACKING, UNKNOWN, Look, describe_refusal
from tenantry.operations.rotation.keys import make_key
from tenantry.operations.rotation.looking import AccountKeys, Proof, look_at_accounts, prove_keys, stored_of
from tenantry.operations.rotation.rotating_keys import RotatingKey
from tenantry.operations.rotation.sinks import open_sinks
from tenantry.operations.stack.focus import Focus
from tenantry.operations.stack.open import Opened
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

NOT_MADE = (
    "Its successor, generation {}, was not made before this run; a later `up` deletes this one, after the overlap."
)
GONE = "Its successor, generation {}, is not at Twilio any more: somebody deleted it. Run `tenantry up --refresh`."
YOUNG = "Its successor, generation {}, may stand alone from {} on: an `up` from then on deletes this one."
NEWER = (
    "It is later than generation {}, which the manifest names, and sinks or applications may have it. Name it again, "
    "or add the next generation."
)
NOTHING = "{} Nothing was changed."


class KeptKey(Reported):
    """A generation that no manifest names any more, and that was kept."""

    tenant: str = Field(description="slug")
    key: str = Field(description="name of the API key")
    generation: int = Field(description="its number")
    reason: str = Field(description="why its successor is not proven, and what to do")


@dataclass(frozen=True)
class Going:
    """A key of which generations are about to go."""

    key: RotatingKey
    generations: tuple[StoredKey, ...]


def keep_unproven(opened: Opened, focus: Focus, clock: Callable[[], datetime]) -> tuple[Opened, tuple[KeptKey, ...]]:
    """Return a stack whose runs keep the generations of which no successor is proven, and these. Raises StoppedError.

    Where no generation is about to go, nothing is asked but the state, and that only where a key is guarded.
    """
    if not any(_is_guarded(opened, slug) for slug in (opened.loaded.tenants if focus is None else focus)):
        return opened, ()
    try:
        if not find_going(opened, focus, load_state(opened.project)):
            return opened, ()
        going = find_going(opened, focus, load_state(opened.project, show_secrets=True))
        kept = find_kept(opened, going, Session.from_env(opened.project.environ), clock)
    except (CommandError, TwilioError) as error:
        raise StoppedError(NOTHING.format(error)) from error
    value = join_kept((key.tenant, key.key, key.generation) for key in kept)
    environ = {**opened.project.environ, **({KEPT_VARIABLE: value} if kept else {})}
    return replace(opened, project=replace(opened.project, environ=environ)), kept


def find_going(opened: Opened, focus: Focus, state: Iterable[StateResource]) -> tuple[Going, ...]:
    """Return the guarded keys whose generations are in the state and in no manifest; keys that were waived are not."""
    waived = waived_in(opened.project.environ.get(RETIRE_VARIABLE, ""))
    slugs = frozenset(slug for slug in (opened.loaded.tenants if focus is None else focus) if _is_guarded(opened, slug))
    stored: dict[tuple[str, str], list[StoredKey]] = {}
    for key in read_stored_keys(state, slugs):
        stored.setdefault((key.tenant, key.key.name), []).append(key)
    return tuple(
        Going(found, going)
        for (slug, name), generations in stored.items()
        if (found := _rotating_key(opened, slug, name, generations)) is not None
        and f"{slug}/{name}" not in waived
        and (going := tuple(key for key in generations if key.key.generation not in found.entry.generations))
    )


def find_kept(
    opened: Opened, going: Iterable[Going], session: Session, clock: Callable[[], datetime]
) -> tuple[KeptKey, ...]:
    """Return the generations that have to stay, with the reason; raises TwilioError."""
    going = tuple(going)
    accounts = look_at_accounts(session, sorted({found.generations[0].account_sid for found in going}))
    names = {name for found in going for name in found.key.held.sinks}
    sinks = open_sinks(opened.loaded.stack, names, short_name(opened.project.stack), clock)
    living = [(found, _find_living(found, accounts)) for found in going]
    proofs = prove_keys(session, [found.key for found, held in living if held and _is_active(found, accounts)], sinks)
    kept = []
    for found, held in living:
        look = Look(found.key, _account_of(found, accounts), proofs.get(found.key.name), session.twilio_now())
        if held and (reason := find_reason(look)) is not None:
            kept += [_keep(key, reason) for key in held]
    return tuple(kept)


def _find_living(found: Going, accounts: Mapping[str, AccountKeys]) -> tuple[StoredKey, ...]:
    """Return the generations that may still be in use."""
    account = _account_of(found, accounts)
    return tuple(key for key in found.generations if account.status is not None and _lives(account, key))


def _account_of(found: Going, accounts: Mapping[str, AccountKeys]) -> AccountKeys:
    return accounts[found.generations[0].account_sid]


def _is_active(found: Going, accounts: Mapping[str, AccountKeys]) -> bool:
    return _account_of(found, accounts).status == "active"


def find_reason(look: Look) -> str | None:
    """Return why the generations before the newest one may not go; None if they may."""
    key, account, proof = look.key, look.account, look.proof or Proof()
    stored = stored_of(key, key.newest)
    if account is None or account.error is not None:
        return account.error if account else None
    if account.status != "active":
        return INACTIVE.format(key.held.generations[0].account_sid, account.status)
    if any(held.key.generation > key.newest for held in key.held.generations):
        return NEWER.format(key.newest)
    if stored is None:
        return NOT_MADE.format(key.newest)
    if stored.sid not in account.made_at:
        return GONE.format(key.newest)
    if not stored.secret_known:
        return UNKNOWN.format(key.newest, key.name)
    if proof.works is False:
        return describe_refusal(key)
    if proof.failures or proof.lacking_sinks:
        return " ".join(proof.failures) or LACKING.format(", ".join(proof.lacking_sinks), key.newest)
    if look.retires is None or look.now < look.retires:
        return look.future or YOUNG.format(key.newest, look.retires.date() if look.retires else "an unknown day")
    return None


def _lives(account: AccountKeys, key: StoredKey) -> bool:
    """Return whether a generation may still be in use: what Twilio does not have any more can go."""
    return account.status != "active" or account.error is not None or key.sid in account.made_at


def _keep(key: StoredKey, reason: str) -> KeptKey:
    return KeptKey(tenant=key.tenant, key=key.key.name, generation=key.key.generation, reason=reason)


def _is_guarded(opened: Opened, slug: str) -> bool:
    tenant = opened.loaded.tenants.get(slug)
    is_there = tenant is not None and tenant.state not in ENDED_STATES
    return is_there and tenant is not None and any(is_guarded(entry) for entry in tenant.api_keys.values())


def _rotating_key(opened: Opened, slug: str, name: str, stored: list[StoredKey]) -> RotatingKey | None:
    entry = opened.loaded.tenants[slug].api_keys.get(name)
    if entry is None or not is_guarded(entry):
        return None
    return RotatingKey(make_key(slug, name, entry, stored), entry)
