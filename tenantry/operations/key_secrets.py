"""The API keys that a stack's state holds, with their secrets where it was read with them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tenantry.engine.state.deployment import StateResource

LISTS_MESSAGES = ("/twilio/messaging/messages/list", "/twilio/messaging/messages/*")
"""Permissions that let a restricted key list messages, which is the call that AWS's own example tries a key with."""


@dataclass(frozen=True)
class Key:
    """Which key a resource of the state is: the name and generation that end its name."""

    name: str
    generation: int


@dataclass(frozen=True)
class StoredKey:
    """One generation of a key that exists in Twilio; without a secret, where that is unknown."""

    tenant: str
    key: Key
    account_sid: str
    sid: str
    policy: tuple[str, ...] | None
    secret: str | None = field(repr=False)
    secret_known: bool = False
    """Whether the state has the secret, also where it was read without it."""
    held_since: datetime | None = None
    """When the stack got it: when it was made, or taken over."""

    @property
    def validation_url(self) -> str | None:
        """A URL of Twilio's that a restricted key may read; None where we know of none, and for standard keys."""
        if self.policy is None or not any(permission in self.policy for permission in LISTS_MESSAGES):
            return None
        return f"https://api.twilio.com/2010-04-01/Accounts/{self.account_sid}/Messages.json?PageSize=1"


def parse_key(resource: StateResource) -> Key:
    """Return which key a resource is; its name ends in `{key}-{generation}` (tests/test_contract.py)."""
    name, _, generation = resource.entry.rpartition("-")
    return Key(name, int(generation))


def read_stored_keys(state: Iterable[StateResource], slugs: Collection[str]) -> tuple[StoredKey, ...]:
    """Return the keys of these tenants that exist, sorted; the state must have been exported with its secrets."""
    found = (
        StoredKey(
            tenant=resource.slug,
            key=parse_key(resource),
            account_sid=resource.outputs["account_sid"],
            sid=resource.id,
            policy=resource.outputs.get("policy"),
            secret=_secret_of(resource),
            secret_known=bool(resource.outputs.get("secret")),
            held_since=resource.created,
        )
        for resource in state
        if resource.kind == "api_key" and not resource.waiting and resource.slug in slugs
    )
    return tuple(sorted(found, key=lambda key: (key.tenant, key.key.name, key.key.generation)))


def _secret_of(resource: StateResource) -> str | None:
    secret = resource.secrets.get("secret")
    return secret.value if secret is not None and isinstance(secret.value, str) else None
