"""The story of `tenantry rotate`: read manifests and state, ask Twilio and the sinks, decide, write manifests."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tenantry.engine.run.command import CommandError
from tenantry.engine.state.deployment import StateResource, load_state
from tenantry.model.resources import FLEET
from tenantry.model.stack_name import short_name
from tenantry.operations.errors import StoppedError
from tenantry.operations.key_secrets import StoredKey, read_stored_keys
from tenantry.operations.rotation.decide import Look, decide, hold_back, needs_proof
from tenantry.operations.rotation.keys import make_key
from tenantry.operations.rotation.looking import AccountKeys, look_at_accounts, prove_keys
from tenantry.operations.rotation.rotating_keys import Asked, RotatingKey, choose_keys, refuse_wrong, slugs_of
from tenantry.operations.rotation.rotation_values import RotationReport
from tenantry.operations.rotation.sinks import open_sinks
from tenantry.operations.rotation.writing import write_steps
from tenantry.operations.stack.open import Opened
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session

NOTHING = "{} No manifest was written. `tenantry doctor` says what is missing."


@dataclass(frozen=True)
class Rotated:
    """What a run of `tenantry rotate` found and did, and what it has cost."""

    report: RotationReport
    traffic: Traffic = field(default_factory=Traffic)


def rotate_keys(opened: Opened, asked: Asked, on_key: Callable[[int], None] = lambda _: None) -> Rotated:
    """Take the next step of each rotation that is due; raises StoppedError where nothing could be looked at."""
    refuse_wrong(asked, opened.loaded.tenants)
    try:
        state = load_state(opened.project, show_secrets=True)
        session = Session.from_env(opened.project.environ)
        return rotate_with(opened, asked, state, session, on_key)
    except (CommandError, TwilioError) as error:
        raise StoppedError(NOTHING.format(error)) from error


def rotate_with(
    opened: Opened,
    asked: Asked,
    state: Iterable[StateResource],
    session: Session,
    on_key: Callable[[int], None] = lambda _: None,
) -> Rotated:
    """Do it with a state and a session; raises TwilioError where the accounts can't be listed."""
    loaded, resources = opened.loaded, tuple(state)
    session.check_parent(_parent_of(resources))
    keys = gather_keys(opened, asked, resources)
    accounts = {resource.slug: resource.sid for resource in resources if resource.kind == "subaccount" and resource.sid}
    wanted = sorted({sid for key in keys if (sid := accounts.get(key.held.tenant))})
    found = look_at_accounts(session, wanted)
    by_key = {key.name: found.get(accounts.get(key.held.tenant) or "") for key in keys}
    looks = _look(opened, session, keys, by_key, on_key)
    steps = hold_back([decide(looks[key.name], asked) for key in keys], looks, asked)
    report = RotationReport(
        format=1,
        stack=opened.project.stack,
        dry_run=asked.dry_run,
        now=session.twilio_now(),
        keys=tuple(write_steps(opened.project.folder, loaded, steps, dry_run=asked.dry_run)),
    )
    return Rotated(report, session.traffic)


def gather_keys(opened: Opened, asked: Asked, state: Iterable[StateResource]) -> tuple[RotatingKey, ...]:
    """Return the keys to look at, with what the state has of them."""
    tenants = opened.loaded.tenants
    chosen = tuple(choose_keys(asked, tenants))
    stored: dict[tuple[str, str], list[StoredKey]] = {}
    for key in read_stored_keys(state, slugs_of(chosen)):
        stored.setdefault((key.tenant, key.key.name), []).append(key)
    return tuple(
        RotatingKey(make_key(slug, name, entry, stored.get((slug, name), ())), entry)
        for slug, name in chosen
        for entry in (tenants[slug].api_keys[name],)
    )


def _look(
    opened: Opened,
    session: Session,
    keys: tuple[RotatingKey, ...],
    accounts: Mapping[str, AccountKeys | None],
    on_key: Callable[[int], None],
) -> Mapping[str, Look]:
    overlapping = [key for key in keys if needs_proof(key, accounts[key.name])]
    names = {name for key in overlapping for name in key.held.sinks}
    stack = opened.loaded.stack
    sinks = open_sinks(stack, names, short_name(opened.project.stack), lambda: datetime.now(UTC))
    proofs = prove_keys(session, overlapping, sinks, on_key)
    now = session.twilio_now()
    return {key.name: Look(key, accounts[key.name], proofs.get(key.name), now) for key in keys}


def _parent_of(state: Iterable[StateResource]) -> str | None:
    fleet = next((resource for resource in state if resource.name == FLEET), None)
    return str(fleet.outputs["account_sid"]) if fleet and fleet.outputs.get("account_sid") else None
