"""The session: one parent account of Twilio, its gateways, and each subaccount's own credentials.

Two kinds of host. api.twilio.com (v2010) has the account in its paths, and the parent's credentials reach every
subaccount. Product hosts (iam, events) have it in the credentials alone: the parent's would act on the parent without
an error. So the parent's client stays in here, and product hosts are reached through `account` only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from tenantry.model.kinds import KINDS, KindName
from tenantry.twilio.account_directory import AccountDirectory
from tenantry.twilio.aging_records import AgingRecords
from tenantry.twilio.alerts import Alerts
from tenantry.twilio.api_key import ApiKeys
from tenantry.twilio.audit_events import AuditEvents
from tenantry.twilio.calls_in_progress import CallsInProgress
from tenantry.twilio.credentials import Credentials, credentials_from
from tenantry.twilio.errors import CredentialsMissing, LostAnswer, NotFound, WrongParent
from tenantry.twilio.event_sink import EventSinks
from tenantry.twilio.event_subscription import EventSubscriptions
from tenantry.twilio.http.retry_policy import RetryPolicy
from tenantry.twilio.http.shown_address import address_of, next_step_at
from tenantry.twilio.http.traffic import Counter, Traffic
from tenantry.twilio.http.twilio_clock import utc_now
from tenantry.twilio.key_proof import KeyProofs
from tenantry.twilio.log_records import LogRecords
from tenantry.twilio.organization import OrganizationCredentials, OrganizationDirectory
from tenantry.twilio.phone_numbers import PhoneNumbers
from tenantry.twilio.record import Records
from tenantry.twilio.subaccount import Subaccounts
from tenantry.twilio.usage_records import UsageRecords
from tenantry.twilio.usage_trigger import UsageTriggers
from tenantry.twilio.use import Uses

if TYPE_CHECKING:
    from twilio.rest import Client

# The SDK reads os.environ where it is given no environment or an empty one, and would bend hosts to an edge or region.
_NO_ENVIRONMENT = {"TWILIO_EDGE": "", "TWILIO_REGION": ""}


class Session:
    """Twilio, as one parent account sees it; for all threads of a process."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        may_send: Callable[[], bool] = lambda: True,
        clock: Callable[[], datetime] = utc_now,
        retry_policy: RetryPolicy | None = None,
        counter: Counter | None = None,
    ) -> None:
        # Not above: the program of every run and a preview import this, ask Twilio for nothing, and saved 0.2 s each.
        from tenantry.twilio.http.transport import Transport

        self.parent_sid = credentials.account_sid
        self.base_url = credentials.base_url
        self._transport = Transport(
            credentials.base_url, retry_policy=retry_policy, may_send=may_send, clock=clock, counter=counter
        )
        self._clients: dict[str, Client] = {}
        self._lock = Lock()
        parent = self._client(credentials.account_sid, credentials.auth_token)
        self.subaccounts = Subaccounts(parent, self._transport.waiting)
        self.api_keys = ApiKeys(parent, self.account)
        self.key_proofs = KeyProofs(self._client_of_key)
        self.usage_triggers = UsageTriggers(parent)
        self.event_sinks = EventSinks(self.account)
        self.event_subscriptions = EventSubscriptions(self.account)
        self.alerts = Alerts(self.account)
        self.audit_events = AuditEvents(self.account)
        self.records = Records(parent)
        self.aging_records = AgingRecords(parent, (retry_policy or RetryPolicy()).monotonic)
        self.phone_numbers = PhoneNumbers(parent)
        self.usage_records = UsageRecords(parent)
        self.log_records = LogRecords(parent)
        self.calls_in_progress = CallsInProgress(parent)
        self.uses = Uses(parent, self.twilio_now, self.clock_ahead)

    @classmethod
    def from_env(
        cls,
        environ: Mapping[str, str],
        *,
        may_send: Callable[[], bool] = lambda: True,
        clock: Callable[[], datetime] = utc_now,
        retry_policy: RetryPolicy | None = None,
        counter: Counter | None = None,
    ) -> Session:
        """Open a session with the environment's credentials, without a call; raises CredentialsMissing.

        Before each POST `may_send` is asked; where it says no, ParentGone is raised and nothing is sent.
        """
        return cls(
            credentials_from(environ), may_send=may_send, clock=clock, retry_policy=retry_policy, counter=counter
        )

    @property
    def accounts(self) -> AccountDirectory:
        """The accounts that were seen, with their auth tokens."""
        return self.subaccounts.directory

    def organization(self, credentials: OrganizationCredentials) -> OrganizationDirectory:
        """Return an Organization, which OAuth credentials of its own reach."""
        return OrganizationDirectory(credentials, self._transport)

    def gateway(self, kind: KindName) -> Any:
        """Return the gateway of a kind that lives in a subaccount; raises KeyError for one that does not."""
        name = KINDS[kind].gateway
        if name is None:
            raise KeyError(f"{kind} is no object in a subaccount")
        return getattr(self, name)

    @property
    def traffic(self) -> Traffic:
        """What this session has sent up to now."""
        return self._transport.traffic

    @property
    def doubt(self) -> str:
        """Why Twilio's stand-in may not know accounts of the state, as a sentence; empty for Twilio itself."""
        return f" {next_step_at(str(address_of(self.base_url)))}" if self.base_url else ""

    def note_taken(self, sid: str) -> None:
        """Note in the traffic that an object which was there already is taken over, and not made."""
        self._transport.note_taken(sid)

    def twilio_now(self) -> datetime:
        """Return the time on Twilio's own clock (UTC), as its answers tell it."""
        return self._transport.twilio_now()

    def clock_ahead(self) -> timedelta | None:
        """Return how far Twilio's clock is ahead of ours; None before the first answer."""
        return self._transport.clock_ahead()

    def waiting(self) -> Callable[[LostAnswer], bool]:
        """Return a function that waits, ever longer, before a lost write is tried again; False beyond the budget."""
        return self._transport.waiting()

    def check_parent(self, expected: str | None) -> None:
        """Raise WrongParent if the credentials are not those of the expected parent account."""
        if expected is not None and expected != self.parent_sid:
            raise WrongParent(
                f"the credentials are of {self.parent_sid}, this stack belongs to {expected}",
                what="Comparing the parent account before the first call",
            )

    def account(self, sid: str) -> Client:
        """Return the client with a subaccount's own credentials, for product hosts; raises NotFound."""
        if sid == self.parent_sid:
            raise WrongParent(f"{sid} is the parent account itself, not a subaccount", what=f"Reaching account {sid}")
        account = self.accounts.get(sid)
        if account is None:
            raise NotFound("Twilio has no such account", what=f"Reaching account {sid}", status=404)
        if not account.auth_token:
            raise CredentialsMissing("Twilio does not show us its auth token", what=f"Reaching account {sid}")
        with self._lock:
            client = self._clients.get(sid)
            if client is None or client.password != account.auth_token:
                client = self._clients[sid] = self._client(sid, account.auth_token)
            return client

    def _client_of_key(self, account_sid: str, sid: str, secret: str) -> Client:
        return self._client(sid, secret, account_sid)

    def _client(self, username: str, password: str, account_sid: str | None = None) -> Client:
        from twilio.rest import Client

        from tenantry import __version__

        return Client(
            username,
            password,
            account_sid,
            http_client=self._transport,
            environment=_NO_ENVIRONMENT,
            user_agent_extensions=[f"tenantry/{__version__}"],
        )
