"""API keys in a stack.

Twilio returns a key's secret once, in the answer to the create. So a key whose answer was lost is useless, and a key
that somebody uses must never be deleted: a key of our name whose answer was provably lost is deleted and made
again; every other one is taken over, with its secret unknown.
"""

import logging
from typing import Any, ClassVar

from pulumi.dynamic import CheckResult
from pulumi.runtime import rpc

from tenantry.model.api_key import ApiKeySpec
from tenantry.providers.base import Props
from tenantry.providers.child import ChildProvider
from tenantry.providers.connection import Connection
from tenantry.providers.gateway import account_of
from tenantry.providers.key_guard import hold_type, reason_to_keep_key
from tenantry.providers.lost_answers import is_lost_answer
from tenantry.providers.resource import TwilioResource
from tenantry.twilio.api_key import ApiKeys
from tenantry.twilio.live import Live
from tenantry.twilio.session import Session

log = logging.getLogger(__name__)
MADE_ANEW = (
    "API key %s (%s) of account %s was made by a create whose answer was lost: its secret is unknown. It is "
    "deleted and made again"
)
TAKEN_OVER = (
    "API key %s (%s) of account %s was there already. It is taken over and goes on working; its secret is unknown, "
    "so add a generation to have one that is known"
)


class ApiKeyProvider(ChildProvider[ApiKeySpec]):
    """Makes, takes over, changes and deletes API keys."""

    kind = "api_key"
    spec: ClassVar[type[Any]] = ApiKeySpec

    def gateway(self, session: Session) -> ApiKeys:
        """Return the gateway of API keys."""
        return session.api_keys

    def check_with_state(self, olds: Props, news: Props) -> CheckResult:
        """Refuse another type of a key that is delivered; an older generation keeps its own until it goes."""
        held, failures = hold_type(olds, news)
        checked = super().check_with_state(olds, held)
        return CheckResult(checked.inputs, [*failures, *checked.failures])

    def reason_to_keep(self, connection: Connection, spec: ApiKeySpec) -> tuple[str, str] | None:
        """Return why a generation may not go yet: its successor is to be older than the overlap."""
        return reason_to_keep_key(connection, account_of(spec))

    def replacing(self, id_: str, olds: Props, news: Props) -> frozenset[str]:
        """Add a change of type."""
        other_type = ("policy" in olds) != ("policy" in news)
        return super().replacing(id_, olds, news) | ({"policy"} if other_type else frozenset())

    def fetch(self, connection: Connection, spec: ApiKeySpec, sid: str) -> Live[ApiKeySpec]:
        """Return one key; only IAM v1 returns a policy."""
        adopting = spec.adopt == sid
        return self.gateway(connection.session).fetch(account_of(spec), sid, restricted=spec.restricted or adopting)

    def complete(self, connection: Connection, spec: ApiKeySpec, listed: Live[ApiKeySpec]) -> Live[ApiKeySpec]:
        """Add the policy of a restricted key, which the list leaves out."""
        return self.fetch(connection, spec, listed.sid) if spec.restricted else listed

    def take(
        self, connection: Connection, spec: ApiKeySpec, listed: tuple[Live[ApiKeySpec], ...]
    ) -> Live[ApiKeySpec] | None:
        """Return the newest key of this name and type, after deleting those whose secret was lost."""
        alike = self.gateway(connection.session).find(account_of(spec), spec, listed)
        lost = [live for live in alike if is_lost_answer(connection, spec, live)]
        for live in lost:
            log.warning(MADE_ANEW, spec.friendly_name, live.sid, spec.account_sid)
            self.remove(connection, spec, live.sid)
        kept = next((live for live in alike if live not in lost), None)
        if kept is not None:
            log.warning(TAKEN_OVER, spec.friendly_name, kept.sid, spec.account_sid)
        return kept

    def leftovers(
        self,
        spec: ApiKeySpec,
        kept: Live[ApiKeySpec],
        listed: tuple[Live[ApiKeySpec], ...],
    ) -> tuple[Live[ApiKeySpec], ...]:
        """Return nothing: a key of our name may be in use, whoever made it."""
        return ()

    def outputs(self, spec: ApiKeySpec, live: Live[ApiKeySpec]) -> Props:
        """Add the secret, marked as one; a key that was taken over has none."""
        return {**spec.props(), **({"secret": _wrap_secret(live.secret)} if live.secret else {})}

    def kept_outputs(self, olds: Props) -> Props:
        """Keep the secret."""
        return {"secret": _wrap_secret(olds["secret"])} if olds.get("secret") else {}


class ApiKey(TwilioResource, kind="ApiKey", provider=ApiKeyProvider, secrets=("secret",)):
    """One generation of an API key of a tenant."""


def _wrap_secret(value: str) -> dict[str, str]:
    """Return a secret as it crosses the wire: `Output.secret` fails in the plugin process (pulumi/pulumi#3012)."""
    return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}
