"""What a sink is given and what it tells: the value, which is never read back, and the marks that stand beside it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tenantry.secret_sinks.errors import ForeignError

PREFIX = "tenantry/"
"""What the names of our marks begin with: tags of AWS, custom metadata of Vault, annotations of Kubernetes."""


@dataclass(frozen=True)
class KeyOwner:
    """Whose secret it is: all generations of a key have one name in a sink."""

    account_sid: str
    tenant: str
    key: str


@dataclass(frozen=True)
class KeySecret:
    """The current generation of a key, with its secret."""

    stack: str
    tenant: str
    key: str
    generation: int
    account_sid: str
    sid: str
    secret: str = field(repr=False)
    validation_url: str | None = None
    """A URL of Twilio's that the key may read; AWS tries a restricted key with it."""

    @property
    def owner(self) -> KeyOwner:
        """Whose secret it is."""
        return KeyOwner(self.account_sid, self.tenant, self.key)

    def value(self) -> dict[str, str]:
        """Return the fields of the value, as every sink has them."""
        return {"accountSid": self.account_sid, "apiKeySid": self.sid, "apiKeySecret": self.secret}

    def hide_in(self, text: str) -> str:
        """Return text without the secret, should a store repeat it."""
        encoded = base64.b64encode(self.secret.encode()).decode()
        return text.replace(self.secret, "…").replace(encoded, "…") if self.secret else text

    def marks(self, moment: datetime) -> dict[str, str]:
        """Return what stands beside the value; `moment` is when it was delivered, to the second."""
        return {
            f"{PREFIX}stack": self.stack,
            f"{PREFIX}tenant": self.tenant,
            f"{PREFIX}key": self.key,
            f"{PREFIX}generation": str(self.generation),
            f"{PREFIX}account-sid": self.account_sid,
            f"{PREFIX}api-key-sid": self.sid,
            f"{PREFIX}delivered-at": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


@dataclass(frozen=True)
class Version:
    """What a sink holds under a name, by what stands beside the value."""

    tenant: str
    key: str
    generation: int
    account_sid: str
    sid: str
    is_whole: bool = True
    """Whether the value is the one that the marks tell of: no write stopped half way, nobody changed it by hand."""
    delivered_at: str = ""

    @property
    def owner(self) -> KeyOwner:
        """Whose secret it is."""
        return KeyOwner(self.account_sid, self.tenant, self.key)

    def holds(self, sid: str, generation: int) -> bool:
        """Return whether this is that generation, whole."""
        return self.is_whole and (self.sid, self.generation) == (sid, generation)


def read_marks(marks: Mapping[str, str], where: str, *, is_whole: bool) -> Version:
    """Return the version that marks tell of; raises ForeignError where they are not ours."""
    try:
        return Version(
            tenant=marks[f"{PREFIX}tenant"],
            key=marks[f"{PREFIX}key"],
            generation=int(marks[f"{PREFIX}generation"]),
            account_sid=marks[f"{PREFIX}account-sid"],
            sid=marks[f"{PREFIX}api-key-sid"],
            is_whole=is_whole,
            delivered_at=marks.get(f"{PREFIX}delivered-at", ""),
        )
    except (KeyError, ValueError):
        raise ForeignError(
            f"{where} was not put there by Tenantry: its marks are missing or damaged. It was left as it is. Move or "
            "delete it if nobody needs it, or give the sink another name."
        ) from None


def refuse_foreign(found: Version | None, owner: KeyOwner, where: str) -> None:
    """Raise ForeignError where another account's or another key's secret stands."""
    if found is not None and found.owner != owner:
        raise ForeignError(
            f"{where} holds the key '{found.key}' of {found.tenant}, account {found.account_sid}, not of "
            f"{owner.tenant}, account {owner.account_sid}. It was left as it is. If nobody needs it, delete it there."
        )


def serialize_value(value: Mapping[str, str]) -> str:
    """Return a value as JSON."""
    return json.dumps(value, indent=2) + "\n"
