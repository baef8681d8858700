"""The state of accounts in a stack: the only place that suspends or closes one.

It depends on everything else of its tenant, so an account is suspended last. The day of closing is compared with this
machine's clock, so no account is closed where that differs from Twilio's. Deleting the resource changes nothing: an
account is made active again by its `Subaccount`.
"""

from typing import Any, ClassVar

from pulumi.dynamic import CheckResult, CreateResult, ReadResult, UpdateResult

from tenantry.model.account_state import AccountStateSpec
from tenantry.model.recorded import GONE
from tenantry.providers.base import Props, TwilioProvider, as_inputs, keep_state
from tenantry.providers.connection import connect
from tenantry.providers.resource import TwilioResource
from tenantry.providers.resting import is_account, waiting_id, waits
from tenantry.twilio.errors import Refused
from tenantry.twilio.http.twilio_clock import describe_clock_difference
from tenantry.twilio.session import Session
from tenantry.twilio.use import CLOSE_LATER, Use


class AccountStateProvider(TwilioProvider[AccountStateSpec]):
    """Suspends and closes accounts."""

    spec: ClassVar[type[Any]] = AccountStateSpec

    def check_with_state(self, olds: Props, news: Props) -> CheckResult:
        """Keep `closed` once it was reached: an everyday run asks for suspended, which must not look like a change.

        This does not hold where no account was ever made: a tenant that returns must get one that is not closed at
        once.
        """
        if olds.get("status") in GONE and is_account(olds.get("account_sid")):
            news = {**news, "status": olds["status"]}
        return CheckResult(news, [])

    def find_changes(self, id_: str, olds: Props, news: Props) -> frozenset[str]:
        """Report no change of a state that can't be undone; where there was no account yet, begin with the new one."""
        if waits(id_):
            return frozenset() if waits(news.get("account_sid")) else frozenset({"account_sid"})
        if olds.get("status") in GONE:
            return frozenset()
        return super().find_changes(id_, olds, news)

    def create(self, props: Props) -> CreateResult:
        """Bring the account to its state."""
        spec = self.of(props)
        if not is_account(spec.account_sid):
            return CreateResult(waiting_id("account_state"), spec.props())
        return CreateResult(str(spec.account_sid), {**spec.props(), "status": _bring(spec)})

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """Bring the account to its state."""
        spec = self.of(news)
        return UpdateResult({**spec.props(), "status": _bring(spec, olds.get("owner_account_sid"))})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return the state that the account has."""
        spec = self.of(props)
        connection = connect(spec.owner_account_sid)
        if waits(id_):
            return keep_state(id_, props)
        account = connection.session.accounts.get(str(spec.account_sid))
        live = spec.model_copy(update={"status": account.status if account else "missing"})
        inputs = as_inputs(self.spec, props, live.props())
        return ReadResult(id_, dict(inputs), inputs)


class AccountState(TwilioResource, kind="AccountState", provider=AccountStateProvider):
    """The state of a tenant's account."""


def _refuse_used(use: Use) -> None:
    """Refuse to close an account without a notice, unless Twilio shows that it was never used."""
    if not use.is_none:
        raise Refused(
            use.summary, what=f"Closing account {use.account_sid}, which is never_used", next_step=CLOSE_LATER
        )


def _bring(spec: AccountStateSpec, owner_before: str | None = None) -> str:
    """Suspend or close the account, if it is not there already; return the state it then has."""
    session = connect(spec.owner_account_sid, owner_before).session
    account = session.accounts.refresh(str(spec.account_sid))
    if account is None:
        return "missing"
    if account.status in (spec.status, "closed"):
        return account.status
    if spec.status == "closed" and spec.never_used:
        _refuse_used(session.uses.look(account.sid, account.created))
    if spec.status == "closed":
        _refuse_where_clocks_differ(session, account.sid)
    return session.subaccounts.update(account.sid, status=spec.status).status


def _refuse_where_clocks_differ(session: Session, sid: str) -> None:
    if (differs := describe_clock_difference(session.clock_ahead())) is not None:
        raise Refused(
            f"{differs}, so it is unknown whether its day has come",
            what=f"Closing account {sid}",
            next_step="It was not closed, which could not be undone. Set the clock right, then run again.",
        )
