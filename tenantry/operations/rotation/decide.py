"""What is to be done with a key: a pure function of manifest, state, Twilio's dates, the sinks and the proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tenantry.model.rotation import due_on
from tenantry.operations.rotation.looking import AccountKeys, Proof, stored_of
from tenantry.operations.rotation.rotating_keys import Asked, RotatingKey
from tenantry.operations.rotation.rotation_values import Action, KeyRotation

DAY = timedelta(days=1)
AHEAD = (
    "The stack has generation {}, which this manifest does not name: another checkout added it. Pull its commit, and "
    "run again."
)
INACTIVE = "Account {} is {} at Twilio. Nothing is made or retired in it until it is active."
NO_ACCOUNT = "The stack has no account of this tenant yet: run `tenantry up`."
NOT_MADE = "Generation {} is not made yet: run `tenantry up`, which delivers it too."
GONE = "Generation {} ({}) is not at Twilio any more: somebody deleted it. Run `tenantry up --refresh`, and run again."
UNDATED = "Twilio does not say when generation {} was made, so nobody knows whether it is due. Run again with --now."
UNKNOWN = (
    "The secret of generation {} is unknown, since it was adopted or taken over, so it can't be proved. Run "
    "`tenantry rotate {} --now` for a generation with a secret."
)
REFUSED = (
    "Twilio does not take generation {} ({}): its answer is error 20003. Nothing was removed; what is older goes on. "
    "`tenantry rotate {} --kill {}` adds the next one."
)
CANARY = "--canary {} lets no more keys have a generation that is not proven."
LACKING = "{} lacks generation {}. Run `tenantry secrets`, and run again."
OVERLAPS = "Generation {} works and is delivered; what is older may go on {}."
TODAY = "Generation {} was made within a day. Run again tomorrow, or name it with --kill if it leaked."
NOT_DUE = "Generation {} is due on {}."
KILL_BEGINS = (
    "Generation {} is to go: its successor comes first. After `tenantry up`, run `tenantry rotate {} --kill {}` again."
)
CUT_SHORT = (
    "Generation {} is delivered and works. The overlap is cut short, so `up` has to be told: `tenantry up {} "
    "--retire-unproven {}`."
)
FUTURE = (
    "{} says that generation {} was delivered on {}, which is still to come: the clock of the machine that did it was "
    "wrong, so nobody knows how long both have lived."
)
FUTURE_NEXT = "Once every application has it: {}, then `tenantry up {} --retire-unproven {}`."
NO_ROTATION = "It has no `rotation`; add one, or run with --now."


@dataclass(frozen=True)
class Look:
    """All that is known of a key."""

    key: RotatingKey
    account: AccountKeys | None
    proof: Proof | None
    """None where it was not asked: no generation waits to go."""
    now: datetime

    @property
    def made_at(self) -> datetime | None:
        """When the newest generation was made."""
        stored = stored_of(self.key, self.key.newest)
        return self.account.made_at.get(stored.sid) if stored and self.account else None

    @property
    def due(self) -> date | None:
        """The day on which it is due."""
        rotation, made_at = self.key.entry.rotation, self.made_at
        return due_on(self.key.held.tenant, self.key.held.name, rotation, made_at) if rotation and made_at else None

    @property
    def future(self) -> str | None:
        """Which sink got the newest generation on a day that is still to come at Twilio; None where none did."""
        delivered = self.proof.delivered.items() if self.proof else ()
        late = [(sink, moment) for sink, moment in delivered if moment is not None and moment > self.now + DAY]
        return FUTURE.format(late[0][0], self.key.newest, late[0][1].date()) if late else None

    @property
    def retires(self) -> datetime | None:
        """When what is older may go: the overlap counts from the day on which the last sink got the newest one."""
        if self.made_at is None or self.proof is None:
            return None
        since = max([self.made_at, *(moment for moment in self.proof.delivered.values() if moment is not None)])
        return since + self.key.overlap


def needs_proof(key: RotatingKey, account: AccountKeys | None) -> bool:
    """Return whether a generation waits to go, so that its successor is to be tried."""
    stored = stored_of(key, key.newest)
    return bool(key.older and stored and account and stored.sid in account.made_at)


def decide(look: Look, asked: Asked) -> KeyRotation:
    """Return the step that is due, as if it were done already; what may hold it back is decided later."""
    key = look.key
    hindrance = _find_hindrance(look)
    if hindrance is not None:
        return _step(look, *hindrance)
    if asked.kill is not None and asked.kill == key.newest:
        return _add(look, KILL_BEGINS.format(asked.kill, key.name, asked.kill))
    if key.older:
        return _retire(look, asked)
    return _renew(look, asked)


def _find_hindrance(look: Look) -> tuple[Action, str] | None:
    key, account, stored = look.key, look.account, stored_of(look.key, look.key.newest)
    ahead = [held.key.generation for held in key.held.generations if held.key.generation > key.newest]
    if account is None:
        return "not_made", NO_ACCOUNT
    if account.error is not None:
        return "failed", account.error
    if account.status != "active":
        sid = key.held.generations[0].account_sid if key.held.generations else "of the tenant"
        return "left_out", INACTIVE.format(sid, account.status or "missing")
    if ahead:
        return "left_out", AHEAD.format(max(ahead))
    if stored is None:
        return "not_made", NOT_MADE.format(key.newest)
    if stored.sid not in account.made_at:
        return "left_out", GONE.format(key.newest, stored.sid)
    return None


def _retire(look: Look, asked: Asked) -> KeyRotation:
    """Decide about a key with generations that wait to go."""
    key, proof, stored = look.key, look.proof or Proof(), stored_of(look.key, look.key.newest)
    if stored is not None and not stored.secret_known:
        if asked.now:
            return _add(look, f"The secret of generation {key.newest} is unknown.")
        return _step(look, "left_out", UNKNOWN.format(key.newest, key.name))
    if proof.works is False:
        return _step(look, "failed", describe_refusal(key))
    if proof.failures:
        return _step(look, "failed", " ".join(proof.failures))
    if proof.lacking_sinks:
        return _step(look, "undelivered", LACKING.format(", ".join(proof.lacking_sinks), key.newest))
    going = key.older if asked.kill is None else (asked.kill,)
    if look.retires is None:
        return _step(look, "left_out", UNDATED.format(key.newest))
    is_early = look.now < look.retires
    if asked.kill is None and is_early:
        return _await_overlap(look, look.retires.date())
    kept = tuple(number for number in sorted(key.entry.generations) if number not in going)
    age = (
        f"Generation {key.newest} is delivered, works, and is {(look.now - look.retires + key.overlap).days} days old."
    )
    reason = CUT_SHORT.format(key.newest, key.held.tenant, key.name) if is_early else age
    return _step(look, "removed", reason).model_copy(update={"removed": going, "generations": kept})


def _await_overlap(look: Look, retires_on: date) -> KeyRotation:
    """Leave a key whose overlap is not over, or will not be as a wrong clock has dated it."""
    key = look.key
    if look.future is None:
        return _step(look, "overlapping", OVERLAPS.format(key.newest, retires_on))
    kills = ", ".join(f"`tenantry rotate {key.name} --kill {number}`" for number in key.older)
    return _step(look, "left_out", f"{look.future} {FUTURE_NEXT.format(kills, key.held.tenant, key.name)}")


def describe_refusal(key: RotatingKey) -> str:
    """Return what to do about a newest generation that Twilio does not take."""
    stored = stored_of(key, key.newest)
    return REFUSED.format(key.newest, stored.sid if stored else "no SID", key.name, key.newest)


def _renew(look: Look, asked: Asked) -> KeyRotation:
    """Decide about a key of one generation."""
    newest = look.key.newest
    if look.made_at is None:
        return _add(look, "You asked for it.") if asked.now else _step(look, "left_out", UNDATED.format(newest))
    if asked.now:
        if look.now - look.made_at < DAY:
            return _step(look, "not_due", TODAY.format(newest))
        return _add(look, "You asked for it.")
    if look.due is None:
        return _step(look, "not_due", NO_ROTATION)
    if look.now.date() < look.due:
        return _step(look, "not_due", NOT_DUE.format(newest, look.due))
    return _add(look, f"Generation {newest} is {(look.now - look.made_at).days} days old, and was due on {look.due}.")


def _add(look: Look, reason: str) -> KeyRotation:
    added = look.key.newest + 1
    generations = (*sorted(look.key.entry.generations), added)
    return _step(look, "added", reason).model_copy(update={"added": added, "generations": generations})


def _step(look: Look, action: Action, reason: str) -> KeyRotation:
    key, stored, proof = look.key, stored_of(look.key, look.key.newest), look.proof or Proof()
    return KeyRotation(
        tenant=key.held.tenant,
        key=key.held.name,
        action=action,
        generations=tuple(sorted(key.entry.generations)),
        current=key.newest,
        sid=stored.sid if stored else None,
        made_at=look.made_at,
        age_days=max((look.now - look.made_at).days, 0) if look.made_at else None,
        due_on=look.due,
        delivered_to=tuple(proof.delivered),
        lacking_sinks=proof.lacking_sinks,
        works=proof.works,
        retires_on=look.retires.date() if look.retires else None,
        reason=reason,
    )


def hold_back(steps: list[KeyRotation], looks: Mapping[str, Look], asked: Asked) -> list[KeyRotation]:
    """Return steps in which some additions wait: all where a successor does not work, else those above the canary."""
    broken = [f"{step.tenant}/{step.key}#{step.current}" for step in steps if step.works is False]
    unproven = sum(_is_unproven(looks[f"{step.tenant}/{step.key}"], step) for step in steps)
    room = len(steps) if asked.canary is None else max(asked.canary - unproven, 0)
    additions = [step for step in steps if step.action == "added"]
    additions.sort(key=lambda step: (step.due_on or date.min, step.tenant, step.key))
    let = {(step.tenant, step.key) for step in (additions[:room] if not broken else ())}
    reason = f"{broken[0]} does not work, so no other rotation begins." if broken else CANARY.format(asked.canary)
    return [
        step
        if step.action != "added" or asked.kill is not None or (step.tenant, step.key) in let
        else _wait(step, reason)
        for step in steps
    ]


def _is_unproven(look: Look, step: KeyRotation) -> bool:
    """Return whether a rotation of a key goes on whose newest generation is not proven."""
    return bool(look.key.older) and step.action != "removed" and not (look.proof is not None and look.proof.is_whole)


def _wait(step: KeyRotation, reason: str) -> KeyRotation:
    generations = step.generations[:-1]
    return step.model_copy(
        update={"action": "waiting", "added": None, "generations": generations, "reason": f"It is due. {reason}"}
    )
