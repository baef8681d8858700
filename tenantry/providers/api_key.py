"""API keys in a stack.

Twilio tells a key's secret once, in the answer of the create. So a key whose answer was lost is of no use, and a key
that somebody uses must never be made again: a young one of our name is deleted and made anew, an older one is taken
over with its secret unknown.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from pulumi.runtime import rpc

from tenantry.model.api_key import ApiKeySpec
from tenantry.providers.base import Props
from tenantry.providers.child import ChildProvider
from tenantry.providers.connection import Connection
from tenantry.providers.gateway import account_of
from tenantry.providers.resource import TwilioResource
from tenantry.twilio.api_key import ApiKeys
from tenantry.twilio.live import Live
from tenantry.twilio.session import Session

YOUNG = timedelta(minutes=60)
"""Within this time nobody can be using a key whose secret we never got."""


class ApiKeyProvider(ChildProvider[ApiKeySpec]):
    """Makes, takes over, changes and deletes API keys."""

    kind = "api_key"
    spec: ClassVar[type[Any]] = ApiKeySpec

    def gateway(self, session: Session) -> ApiKeys:
        """Return the keys on the wire."""
        return session.api_keys

    def name_of(self, spec: ApiKeySpec) -> str:
        """Return the key's name: its key in the manifest and its generation."""
        return spec.friendly_name

    def fixed(self, spec: ApiKeySpec) -> Mapping[str, object]:
        """Return the type of the key: a standard key never becomes a restricted one."""
        return {"access": "restricted" if spec.restricted else "standard"}

    def replacing(self, id_: str, olds: Props, news: Props) -> frozenset[str]:
        """Add a change of type."""
        other_type = ("policy" in olds) != ("policy" in news)
        return super().replacing(id_, olds, news) | ({"policy"} if other_type else frozenset())

    def fetch(self, here: Connection, spec: ApiKeySpec, sid: str) -> Live[ApiKeySpec]:
        """Return one key; only IAM v1 tells a policy."""
        adopting = spec.adopt == sid
        return self.gateway(here.session).fetch(account_of(spec), sid, restricted=spec.restricted or adopting)

    def whole(self, here: Connection, spec: ApiKeySpec, listed: Live[ApiKeySpec]) -> Live[ApiKeySpec]:
        """Add the policy of a restricted key, which the list does not tell."""
        return self.fetch(here, spec, listed.sid) if spec.restricted else listed

    def take(self, here: Connection, spec: ApiKeySpec, listed: tuple[Live[ApiKeySpec], ...]) -> Live[ApiKeySpec] | None:
        """Return the newest key of this name and type, after deleting those too young to be in use."""
        alike = [live for live in listed if self._is_alike(here, spec, live)]
        young = [] if here.has_adopted(account_of(spec)) else [live for live in alike if _is_young(here, live)]
        for live in young:
            self.remove(here, spec, live.sid)
        old = [live for live in alike if live not in young]
        return max(old, key=lambda live: (live.created is not None, live.created), default=None)

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
        return {**spec.props(), **({"secret": _secret(live.secret)} if live.secret else {})}

    def kept(self, olds: Props) -> Props:
        """Keep the secret."""
        return {"secret": _secret(olds["secret"])} if olds.get("secret") else {}

    def _is_alike(self, here: Connection, spec: ApiKeySpec, live: Live[ApiKeySpec]) -> bool:
        if live.spec.friendly_name != spec.friendly_name:
            return False
        found = self.gateway(here.session).fetch(account_of(spec), live.sid, restricted=True)
        return found.spec.restricted == spec.restricted


class ApiKey(TwilioResource, kind="ApiKey", provider=ApiKeyProvider, secrets=("secret",)):
    """One generation of an API key of a tenant."""


def _is_young(here: Connection, live: Live[ApiKeySpec]) -> bool:
    """Return whether a key is younger than an hour by Twilio's own clock, not by ours."""
    return live.created is not None and here.session.twilio_now() - live.created < YOUNG


def _secret(value: str) -> dict[str, str]:
    """Return a secret as it crosses the wire: `Output.secret` fails in the plugin process (pulumi/pulumi#3012)."""
    return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}
