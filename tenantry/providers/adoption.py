"""Adopt or create: how an object becomes ours without a second one ever being made.

An entry that adopts takes exactly that object, unless another entry holds it; an adoption removes nothing. Else an
existing object is taken over, after a lost answer, a killed run or a lost state; else the object is made, and what an
interrupted replacement left under the same name is deleted.
"""

from typing import Any, ClassVar, Protocol, TypeVar

from tenantry.engine.run.request import current_urn
from tenantry.model.spec import ChildSpec
from tenantry.providers.connection import Connection
from tenantry.providers.fixed import describe_differences
from tenantry.providers.gateway import Gateway, account_of, unlike
from tenantry.providers.ownership import HELD, TAKE_OUT, is_of_another_entry, other_holder
from tenantry.twilio.errors import NotFound, Refused
from tenantry.twilio.http.lost_write import settle
from tenantry.twilio.live import Live
from tenantry.twilio.matching import name_of
from tenantry.twilio.session import Session

C = TypeVar("C", bound=ChildSpec)


class Kind(Protocol[C]):
    """The decisions of a kind about taking over; `ChildProvider` has those that most kinds share."""

    kind: ClassVar[str]
    spec: ClassVar[type[Any]]

    def gateway(self, session: Session) -> Gateway[C]: ...
    def fetch(self, connection: Connection, spec: C, sid: str) -> Live[C]: ...
    def take(self, connection: Connection, spec: C, listed: tuple[Live[C], ...]) -> Live[C] | None: ...
    def leftovers(self, spec: C, kept: Live[C], listed: tuple[Live[C], ...]) -> tuple[Live[C], ...]: ...
    def clear(self, connection: Connection, spec: C, leftover: Live[C]) -> None: ...
    def change(self, connection: Connection, spec: C, sid: str) -> Live[C]: ...
    def keep_foreign(self, spec: C, taken: Live[C]) -> C: ...
    def inherit_foreign(self, connection: Connection, spec: C, listed: tuple[Live[C], ...]) -> C: ...


def adopt_or_create(kind: Kind[C], connection: Connection, spec: C) -> Live[C]:
    """Return the live object of an entry, which is then as the entry says.

    In an account that this run has adopted, nothing with our name is deleted: its origin is unknown.
    """
    adopt = getattr(spec, "adopt", None)
    if adopt is not None:
        return _take_over(kind, connection, spec, _adopt(kind, connection, spec, adopt))
    listed = _list_again(kind, connection, spec)
    taken = kind.take(connection, spec, listed)
    if taken:
        live = _take_over(kind, connection, spec, taken)
    else:
        live = _make(kind, connection, kind.inherit_foreign(connection, spec, listed), listed)
    for leftover in () if connection.has_adopted(account_of(spec)) else kind.leftovers(spec, live, listed):
        kind.clear(connection, spec, leftover)
    return live


def _adopt(kind: Kind[C], connection: Connection, spec: C, sid: str) -> Live[C]:
    what = _adopting(spec, sid)
    if holder := other_holder(sid):
        raise Refused(HELD.format(holder), what=what, next_step=f"Nothing was changed. {TAKE_OUT}.")
    return find_adoptable(kind, connection, spec, sid)


def find_adoptable(kind: Kind[C], connection: Connection, spec: C, sid: str) -> Live[C]:
    """Return an object that an entry adopts; raises Refused where it is not there or can't become what is wanted."""
    what = _adopting(spec, sid)
    try:
        live = kind.fetch(connection, spec, sid)
    except NotFound as missing:
        next_step = "Nothing was changed. Correct adopt in the manifest, or remove it to have a new one made."
        raise Refused(missing.came_back, what=what, next_step=next_step) from None
    gateway = kind.gateway(connection.session)
    if wrong := describe_differences(gateway.fixed_fields(spec), gateway.fixed_fields(live.spec)):
        raise Refused(
            "a setting that can't be changed in Twilio differs from the manifest",
            what=what,
            next_step=f"Nothing was changed: {wrong}. Write in the manifest what it has, or remove adopt to have a new "
            "one made.",
        )
    return live


def _adopting(spec: ChildSpec, sid: str) -> str:
    return f"Adopting {sid} as {name_of(spec)} in account {spec.account_sid}"


def _list_again(kind: Kind[C], connection: Connection, spec: C) -> tuple[Live[C], ...]:
    """Return what the account holds now; an account that this process has just made holds nothing of ours."""
    account_sid = str(spec.account_sid)
    listed = () if connection.just_made(account_sid) else kind.gateway(connection.session).list(account_sid)
    return _without_others(spec, listed)


def _without_others(spec: C, listed: tuple[Live[C], ...]) -> tuple[Live[C], ...]:
    """Return a list without what has our name and is another entry's: an adopted object keeps the name that it had."""
    return tuple(live for live in listed if name_of(live.spec) != name_of(spec) or not is_of_another_entry(live.sid))


def _make(kind: Kind[C], connection: Connection, spec: C, before: tuple[Live[C], ...]) -> Live[C]:
    """Make the object; where the answer is lost, look for it.

    It is made again where the call is over and nothing was found: the answer says so, or the object found was a key
    whose secret was lost, which `take` deletes.
    """
    gateway, account_sid, known = kind.gateway(connection.session), str(spec.account_sid), {live.sid for live in before}
    gone: set[str] = set()

    def look() -> Live[C] | None:
        listed = _without_others(spec, gateway.list(account_sid))
        named = {live.sid for live in listed if name_of(live.spec) == name_of(spec)}
        gone.update(named - known)
        known.update(named)
        return kind.take(connection, spec, listed)

    def send() -> Live[C]:
        gone.clear()
        connection.creates.send(account_sid, name_of(spec), connection.session.twilio_now(), known)
        live = gateway.create(account_sid, spec)
        connection.creates.record_answer(account_sid, name_of(spec))
        return live

    try:
        return settle(send, look, lambda lost: lost.is_over or bool(gone), connection.session.waiting())
    finally:
        connection.lists.drop(kind.kind, account_sid)


def _take_over(kind: Kind[C], connection: Connection, spec: C, live: Live[C]) -> Live[C]:
    """Update an object that we take over, and know completely, to its entry."""
    name = current_urn().name
    if (first := connection.holder(live.sid, name)) != name:
        what = f"Taking over {live.sid} as {name_of(spec)} in account {spec.account_sid}"
        raise Refused(f"{first} takes it over in this run already", what=what, next_step=f"{TAKE_OUT}.")
    connection.remember_taken(live.sid)
    wanted = kind.keep_foreign(spec, live)
    return kind.change(connection, wanted, live.sid) if unlike(live, wanted) else live
