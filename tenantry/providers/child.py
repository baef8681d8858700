"""What the kinds in a subaccount share: five verbs, and frozen objects while their tenant is not active.

While a tenant is not active its objects are `frozen`: diff reports nothing, read repeats the state, and a create makes
the object only if the account is still active (it is suspended last). Otherwise the id is `waiting-…`, so that nothing
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
from tenantry.providers.base import Props, TwilioProvider, as_inputs, keep_state
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
    """A provider of objects in a subaccount. A kind names its gateway, which knows an object's name."""

    kind: ClassVar[str]
    deletable_by_parent: ClassVar[bool] = True
    """Whether the parent's credentials reach the kind; a suspended account's own credentials don't work."""

    def gateway(self, session: Session) -> Gateway[C]:
        """Return the gateway of this kind."""
        raise NotImplementedError

    def fetch(self, connection: Connection, spec: C, sid: str) -> Live[C]:
        """Return one complete object."""
        return self.gateway(connection.session).fetch(account_of(spec), sid)

    def complete(self, connection: Connection, spec: C, listed: Live[C]) -> Live[C]:
        """Return a listed object with the settings that the list leaves out, where the wanted object has them."""
        return self.gateway(connection.session).complete(account_of(spec), listed)

    def take(self, connection: Connection, spec: C, listed: tuple[Live[C], ...]) -> Live[C] | None:
        """Return the existing object that can become the wanted one, complete; None without one."""
        return next(iter(self.gateway(connection.session).find(account_of(spec), spec, listed)), None)

    def leftovers(self, spec: C, kept: Live[C], listed: tuple[Live[C], ...]) -> tuple[Live[C], ...]:
        """Return the objects of the same name that an interrupted replacement left behind."""
        return tuple(live for live in listed if name_of(live.spec) == name_of(spec) and live.sid != kept.sid)

    def clear(self, connection: Connection, spec: C, leftover: Live[C]) -> None:
        """Delete a leftover."""
        self.remove(connection, spec, leftover.sid)

    def outputs(self, spec: C, live: Live[C]) -> Props:
        """Return the outputs of a create: the inputs, which Twilio now has, and the kind's own outputs."""
        return spec.props()

    def kept_outputs(self, olds: Props) -> Props:
        """Return the outputs that Twilio returns only once; updates and reads keep them."""
        return {}

    def reason_to_keep(self, connection: Connection, spec: C) -> tuple[str, str] | None:
        """Return why an object of this kind may not be deleted yet, and what comes next; None if it may."""
        return None

    def keep_foreign(self, spec: C, taken: Live[C]) -> C:
        """Return a spec with the settings of an object that are not ours: taking it over removes nothing."""
        return spec

    def inherit_foreign(self, connection: Connection, spec: C, listed: tuple[Live[C], ...]) -> C:
        """Return the spec of a new object, with the settings of its predecessor that are not ours."""
        return spec

    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Report nothing while the tenant is not active; ask for the real object once it is."""
        return resting(id_, news) or super().diff(id_, olds, news)

    def replacing(self, id_: str, olds: Props, news: Props) -> frozenset[str]:
        """Add `adopt`, where the entry is to take over another object than the one it has."""
        other = news.get("adopt") not in (None, id_)
        return super().replacing(id_, olds, news) | ({"adopt"} if other else frozenset())

    def create(self, props: Props) -> CreateResult:
        """Take over what is there, or make it."""
        spec = self.of(props)
        connection = connect(spec.owner_account_sid)
        if _must_wait(connection, spec):
            if is_account(spec.account_sid):  # without an account there is no need to warn: the whole tenant waits
                log.warning("%s in %s waits for its tenant to be active", name_of(spec), spec.account_sid)
            connection.creates.record_end(current_urn().name, waits=True)
            return CreateResult(waiting_id(name_of(spec)), spec.props())
        refuse_resting(connection, account_of(spec), f"Making {name_of(spec)}")
        live = adopt_or_create(self, connection, spec)
        connection.creates.record_end(current_urn().name, waits=False)
        return CreateResult(live.sid, self.outputs(spec, live))

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """Change on the live object what Twilio can change."""
        spec = self.of(news)
        connection = connect(spec.owner_account_sid, olds.get("owner_account_sid"))
        refuse_resting(connection, account_of(spec), f"Changing {name_of(spec)} ({id_})")
        self.change(connection, spec, id_)
        return UpdateResult({**spec.props(), **self.kept_outputs(olds)})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return the object as Twilio has it; in an account that is not active, as the state has it."""
        spec = self.of(props)
        connection = connect(spec.owner_account_sid)
        if waits(id_) or not _is_active(connection, spec):
            return keep_state(id_, {**props, **self.kept_outputs(props)})
        live = self._find(connection, spec, id_)
        if live is None:
            return ReadResult("", {})  # not None: the plugin process writes into the outputs
        inputs = as_inputs(self.spec, props, {**live.spec.props(), "account_sid": spec.account_sid})
        return ReadResult(id_, {**inputs, **self.kept_outputs(props)}, inputs)

    def delete(self, id_: str, props: Props) -> None:
        """Delete the object. An object that is gone, or was never made, counts as deleted.

        So does an object that this run took over: a forced replacement has the same object before and after. And
        an object that another resource of the state holds, as after a renamed entry whose run was killed. Raises
        Refused where it has to stay in this run.
        """
        if waits(id_):
            return
        spec = self.of(props)
        connection = connect(spec.owner_account_sid)
        if connection.has_taken(id_):
            return
        if (holder := survivor(id_)) is not None:
            log.warning("%s stays: %s holds it in this stack", id_, holder)
            return
        account = connection.session.accounts.get(account_of(spec))
        if account is None or account.status == "closed":
            return
        if is_resting(account.status) and names_no_state():
            refuse_resting(connection, account.sid, f"Deleting {name_of(spec)} ({id_})")
        if account.status != "active" and not self.deletable_by_parent:
            log.warning("%s stays: account %s is %s; drift will show it", id_, account.sid, account.status)
            return
        if (kept := reason_to_keep(connection) or self.reason_to_keep(connection, spec)) is not None:
            what = f"Deleting {name_of(spec)} ({id_}) in account {account.sid}"
            raise Refused(kept[0], what=what, next_step=f"{kept[1]}.")
        self.remove(connection, spec, id_)

    def change(self, connection: Connection, spec: C, sid: str) -> Live[C]:
        """Update one object."""
        return update(
            connection,
            self.kind,
            self.gateway(connection.session),
            sid,
            spec,
            look=lambda: self.fetch(connection, spec, sid),
        )

    def remove(self, connection: Connection, spec: C, sid: str) -> None:
        """Delete one object, if it is still there."""
        delete(connection, self.kind, self.gateway(connection.session), account_of(spec), sid)

    def _find(self, connection: Connection, spec: C, sid: str) -> Live[C] | None:
        """Return an object from the shared list; where it is absent, ask Twilio for it."""
        account_sid, gateway = account_of(spec), self.gateway(connection.session)
        listed = connection.lists.get(self.kind, account_sid, lambda: gateway.list(account_sid))
        try:
            return self.complete(connection, spec, listed[sid]) if sid in listed else self.fetch(connection, spec, sid)
        except NotFound:
            return None


def _must_wait(connection: Connection, spec: ChildSpec) -> bool:
    if spec.released or not is_account(spec.account_sid):
        return True
    if not spec.frozen or connection.just_made(account_of(spec)):
        return False
    account = connection.session.accounts.refresh(account_of(spec))
    return account is None or account.status != "active"


def _is_active(connection: Connection, spec: ChildSpec) -> bool:
    account = connection.session.accounts.get(account_of(spec)) if is_account(spec.account_sid) else None
    return account is not None and account.status == "active"
