"""What the kinds that live in a subaccount share: five verbs, and leaving alone what belongs to a resting tenant.

While a tenant is not active its objects are `frozen`: diff says nothing, read repeats the state, and a create makes the
object only if the account is still active (it is suspended last). Otherwise the id is `waiting-…`, so that nothing
blocks a suspension, and the thaw replaces it by the real object. Where the manifest names no state and somebody has
suspended the account, it is no input that tells, so a create, a change and a deletion are refused: a success would be
saved, and nobody asks again once the account is active.
"""

import logging
from typing import ClassVar, Generic, TypeVar

from pulumi.dynamic import CreateResult, DiffResult, ReadResult, UpdateResult

from tenantry.engine.run.request import current_urn
from tenantry.model.spec import ChildSpec
from tenantry.model.subaccount import is_resting
from tenantry.providers.adoption import adopt_or_create
from tenantry.providers.base import Props, TwilioProvider, as_inputs, unchanged
from tenantry.providers.connection import Connection, connect
from tenantry.providers.gateway import Gateway, account_of, delete, update
from tenantry.providers.held_back import reason_to_keep
from tenantry.providers.ownership import names_no_state, survivor
from tenantry.providers.resting import is_account, refuse_resting, resting, waiting_id, waits
from tenantry.twilio.errors import NotFound, Refused
from tenantry.twilio.live import Live
from tenantry.twilio.matching import name_of
from tenantry.twilio.session import Session

C = TypeVar("C", bound=ChildSpec)
log = logging.getLogger(__name__)


class ChildProvider(TwilioProvider[C], Generic[C]):
    """A provider of objects in a subaccount. A kind names its gateway, which knows what an object is called."""

    kind: ClassVar[str]
    deletable_by_parent: ClassVar[bool] = True
    """Whether the parent's credentials reach the kind, as a suspended account's own no longer do."""

    def gateway(self, session: Session) -> Gateway[C]:
        """Return the gateway of this kind."""
        raise NotImplementedError

    def fetch(self, here: Connection, spec: C, sid: str) -> Live[C]:
        """Return one object whole."""
        return self.gateway(here.session).fetch(account_of(spec), sid)

    def whole(self, here: Connection, spec: C, listed: Live[C]) -> Live[C]:
        """Return a listed object with what the list does not tell, where the wanted one has that."""
        return self.gateway(here.session).complete(account_of(spec), listed)

    def take(self, here: Connection, spec: C, listed: tuple[Live[C], ...]) -> Live[C] | None:
        """Return the existing object that serves as it is or after an update, complete, or None."""
        return next(iter(self.gateway(here.session).find(account_of(spec), spec, listed)), None)

    def leftovers(self, spec: C, kept: Live[C], listed: tuple[Live[C], ...]) -> tuple[Live[C], ...]:
        """Return the objects of the same name that an interrupted replacement left behind."""
        return tuple(live for live in listed if name_of(live.spec) == name_of(spec) and live.sid != kept.sid)

    def clear(self, here: Connection, spec: C, leftover: Live[C]) -> None:
        """Delete a leftover."""
        self.remove(here, spec, leftover.sid)

    def outputs(self, spec: C, live: Live[C]) -> Props:
        """Return the outputs of a create: the inputs, which Twilio now has, and what a kind adds to them."""
        return spec.props()

    def kept(self, olds: Props) -> Props:
        """Return the outputs that Twilio tells only once, which must outlive updates and reads."""
        return {}

    def keeping(self, spec: C, taken: Live[C]) -> C:
        """Return a spec with what an object has that is not ours: taking it over takes nothing away."""
        return spec

    def inheriting(self, here: Connection, spec: C, listed: tuple[Live[C], ...]) -> C:
        """Return the spec of an object that is made, with what the one before it had that is not ours."""
        return spec

    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Say nothing while the tenant rests; ask for the real object once it does not."""
        return resting(id_, news) or super().diff(id_, olds, news)

    def replacing(self, id_: str, olds: Props, news: Props) -> frozenset[str]:
        """Add an entry that is to take over another object than the one it has."""
        other = news.get("adopt") not in (None, id_)
        return super().replacing(id_, olds, news) | ({"adopt"} if other else frozenset())

    def create(self, props: Props) -> CreateResult:
        """Take over what is there, or make it."""
        spec = self.of(props)
        here = connect(spec.owner_account_sid)
        if _must_wait(here, spec):
            if is_account(spec.account_sid):  # without an account it is no news: all of the tenant waits
                log.warning("%s in %s waits for its tenant to be active", name_of(spec), spec.account_sid)
            here.creates.ended(current_urn().name, waits=True)
            return CreateResult(waiting_id(name_of(spec)), spec.props())
        refuse_resting(here, account_of(spec), f"Making {name_of(spec)}")
        live = adopt_or_create(self, here, spec)
        here.creates.ended(current_urn().name, waits=False)
        return CreateResult(live.sid, self.outputs(spec, live))

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """Change on the live object what Twilio can change."""
        spec = self.of(news)
        here = connect(spec.owner_account_sid, olds.get("owner_account_sid"))
        refuse_resting(here, account_of(spec), f"Changing {name_of(spec)} ({id_})")
        self.change(here, spec, id_)
        return UpdateResult({**spec.props(), **self.kept(olds)})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return the object as Twilio has it; in an account that is not active, as we last knew it."""
        spec = self.of(props)
        here = connect(spec.owner_account_sid)
        if waits(id_) or not _is_active(here, spec):
            return unchanged(id_, {**props, **self.kept(props)})
        live = self._find(here, spec, id_)
        if live is None:
            return ReadResult("", {})  # not None: the plugin process writes into the outputs
        inputs = as_inputs(self.spec, props, {**live.spec.props(), "account_sid": spec.account_sid})
        return ReadResult(id_, {**inputs, **self.kept(props)}, inputs)

    def delete(self, id_: str, props: Props) -> None:
        """Delete the object; one that is gone already, or was never made, is done.

        So is one that this run took over: a replacement that people force has the same object before and after. And
        one that another live resource of the state holds, as after a renamed entry whose run was killed. Raises
        Refused where it has to stay in this run.
        """
        if waits(id_):
            return
        spec = self.of(props)
        here = connect(spec.owner_account_sid)
        if here.has_taken(id_):
            return
        if (holder := survivor(id_)) is not None:
            log.warning("%s stays: %s holds it in this stack", id_, holder)
            return
        account = here.session.accounts.get(account_of(spec))
        if account is None or account.status == "closed":
            return
        if is_resting(account.status) and names_no_state():
            refuse_resting(here, account.sid, f"Deleting {name_of(spec)} ({id_})")
        if account.status != "active" and not self.deletable_by_parent:
            log.warning("%s stays: account %s is %s; drift will show it", id_, account.sid, account.status)
            return
        if (kept := reason_to_keep(here)) is not None:
            what = f"Deleting {name_of(spec)} ({id_}) in account {account.sid}"
            raise Refused(kept[0], what=what, next_step=f"{kept[1]}.")
        self.remove(here, spec, id_)

    def change(self, here: Connection, spec: C, sid: str) -> Live[C]:
        """Update one object."""
        return update(here, self.kind, self.gateway(here.session), sid, spec, look=lambda: self.fetch(here, spec, sid))

    def remove(self, here: Connection, spec: C, sid: str) -> None:
        """Delete one object, if it is still there."""
        delete(here, self.kind, self.gateway(here.session), account_of(spec), sid)

    def _find(self, here: Connection, spec: C, sid: str) -> Live[C] | None:
        """Return an object from the shared list; its absence from there is confirmed by asking for it."""
        account_sid, gateway = account_of(spec), self.gateway(here.session)
        listed = here.lists.get(self.kind, account_sid, lambda: gateway.list(account_sid))
        try:
            return self.whole(here, spec, listed[sid]) if sid in listed else self.fetch(here, spec, sid)
        except NotFound:
            return None


def _must_wait(here: Connection, spec: ChildSpec) -> bool:
    if spec.released or not is_account(spec.account_sid):
        return True
    if not spec.frozen or here.just_made(account_of(spec)):
        return False
    account = here.session.accounts.refresh(account_of(spec))
    return account is None or account.status != "active"


def _is_active(here: Connection, spec: ChildSpec) -> bool:
    account = here.session.accounts.get(account_of(spec)) if is_account(spec.account_sid) else None
    return account is not None and account.status == "active"
