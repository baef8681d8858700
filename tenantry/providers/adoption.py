"""Adopt or create: how an object comes to be ours without a second one ever being made.

An entry that adopts takes exactly that object, unless another entry holds it; an adoption removes nothing. Else what is
there already is taken over, after a lost answer, a killed run or a lost state; else the object is made, and what an
interrupted replacement left under the same name goes.
"""

from typing import Any, ClassVar, Protocol, TypeVar

from tenantry.engine.run.request import current_urn
from tenantry.model.spec import ChildSpec
from tenantry.providers.connection import Connection
from tenantry.providers.fixed import describe_differences
from tenantry.providers.gateway import Gateway, account_of, unlike
from tenantry.providers.ownership import HELD, TAKE_OUT, other_holder
from tenantry.twilio.errors import NotFound, Refused
from tenantry.twilio.http.lost_write import settle
from tenantry.twilio.live import Live
from tenantry.twilio.matching import name_of
from tenantry.twilio.session import Session

C = TypeVar("C", bound=ChildSpec)


class Kind(Protocol[C]):
    """What a kind decides about taking over; `ChildProvider` has the answers that most kinds share."""

    kind: ClassVar[str]
    spec: ClassVar[type[Any]]

    def gateway(self, session: Session) -> Gateway[C]: ...
    def fetch(self, here: Connection, spec: C, sid: str) -> Live[C]: ...
    def take(self, here: Connection, spec: C, listed: tuple[Live[C], ...]) -> Live[C] | None: ...
    def leftovers(self, spec: C, kept: Live[C], listed: tuple[Live[C], ...]) -> tuple[Live[C], ...]: ...
    def clear(self, here: Connection, spec: C, leftover: Live[C]) -> None: ...
    def change(self, here: Connection, spec: C, sid: str) -> Live[C]: ...
    def keeping(self, spec: C, taken: Live[C]) -> C: ...
    def inheriting(self, here: Connection, spec: C, listed: tuple[Live[C], ...]) -> C: ...


def adopt_or_create(kind: Kind[C], here: Connection, spec: C) -> Live[C]:
    """Return the live object of an entry, which is then as the entry says.

    In an account that this run has adopted, nothing goes that has our name: who made it, nobody knows.
    """
    adopt = getattr(spec, "adopt", None)
    if adopt is not None:
        return _brought_up(kind, here, spec, _adopted(kind, here, spec, adopt))
    listed = _listed_anew(kind, here, spec)
    taken = kind.take(here, spec, listed)
    if taken:
        live = _brought_up(kind, here, spec, taken)
    else:
        live = _made(kind, here, kind.inheriting(here, spec, listed), listed)
    for leftover in () if here.has_adopted(account_of(spec)) else kind.leftovers(spec, live, listed):
        kind.clear(here, spec, leftover)
    return live


def _adopted(kind: Kind[C], here: Connection, spec: C, sid: str) -> Live[C]:
    what = _adopting(spec, sid)
    if holder := other_holder(sid):
        raise Refused(HELD.format(holder), what=what, next_step=f"Nothing was changed. {TAKE_OUT}.")
    return adoptable(kind, here, spec, sid)


def adoptable(kind: Kind[C], here: Connection, spec: C, sid: str) -> Live[C]:
    """Return an object that an entry adopts; raises Refused where it is not there or can't become what is wanted."""
    what = _adopting(spec, sid)
    try:
        live = kind.fetch(here, spec, sid)
    except NotFound as missing:
        next_step = "Nothing was changed. Correct adopt in the manifest, or remove it to have a new one made."
        raise Refused(missing.came_back, what=what, next_step=next_step) from None
    gateway = kind.gateway(here.session)
    if wrong := describe_differences(gateway.fixed_fields(spec), gateway.fixed_fields(live.spec)):
        raise Refused(
            "what can't be changed in Twilio is not what the manifest says",
            what=what,
            next_step=f"Nothing was changed: {wrong}. Write in the manifest what it has, or remove adopt to have a new "
            "one made.",
        )
    return live


def _adopting(spec: ChildSpec, sid: str) -> str:
    return f"Adopting {sid} as {name_of(spec)} in account {spec.account_sid}"


def _listed_anew(kind: Kind[C], here: Connection, spec: C) -> tuple[Live[C], ...]:
    """Return what the account holds now; an account that this process has just made holds nothing of ours."""
    account_sid = str(spec.account_sid)
    return () if here.just_made(account_sid) else kind.gateway(here.session).list(account_sid)


def _made(kind: Kind[C], here: Connection, spec: C, before: tuple[Live[C], ...]) -> Live[C]:
    """Make the object; where the answer is lost, look for it.

    It is made again where the call is over and nothing was found: the answer says so, or what was found was a key whose
    secret nobody has, which `take` deletes.
    """
    gateway, account_sid, known = kind.gateway(here.session), str(spec.account_sid), {live.sid for live in before}
    gone: set[str] = set()

    def look() -> Live[C] | None:
        listed = gateway.list(account_sid)
        named = {live.sid for live in listed if name_of(live.spec) == name_of(spec)}
        gone.update(named - known)
        known.update(named)
        return kind.take(here, spec, listed)

    def send() -> Live[C]:
        gone.clear()
        here.creates.send(account_sid, name_of(spec), here.session.twilio_now(), known)
        live = gateway.create(account_sid, spec)
        here.creates.answered(account_sid, name_of(spec))
        return live

    try:
        return settle(send, look, lambda lost: lost.is_over or bool(gone), here.session.waiting())
    finally:
        here.lists.drop(kind.kind, account_sid)


def _brought_up(kind: Kind[C], here: Connection, spec: C, live: Live[C]) -> Live[C]:
    """Bring an object that we take over, and know whole, to what its entry says."""
    name = current_urn().name
    if (first := here.holder(live.sid, name)) != name:
        what = f"Taking over {live.sid} as {name_of(spec)} in account {spec.account_sid}"
        raise Refused(f"{first} takes it over in this run already", what=what, next_step=f"{TAKE_OUT}.")
    here.took(live.sid)
    wanted = kind.keeping(spec, live)
    return kind.change(here, wanted, live.sid) if unlike(live, wanted) else live
