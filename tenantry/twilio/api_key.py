"""API keys on the wire: /2010-04-01/Accounts/{account}/Keys, and for restricted ones iam.twilio.com/v1/Keys.

Both show the same keys. Only IAM v1 knows policies, and it lists keys without them, so a list costs one call of
v2010, and one `fetch` for each key that is thought to be restricted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tenantry.model.api_key import ApiKeySpec
from tenantry.twilio.errors import doing
from tenantry.twilio.exact_list import read_records
from tenantry.twilio.live import Live, moment, read_spec
from tenantry.twilio.matching import Matching

if TYPE_CHECKING:
    from twilio.rest import Client


class ApiKeys(Matching[ApiKeySpec]):
    """The API keys of subaccounts. v2010 is used with the parent's credentials, IAM v1 with the account's own."""

    def __init__(self, parent: Client, account: Callable[[str], Client]) -> None:
        self._parent = parent
        self._account = account

    def fixed_fields(self, spec: ApiKeySpec) -> Mapping[str, object]:
        """Return the type of the key: a standard key never becomes a restricted one."""
        return {"access": "restricted" if spec.restricted else "standard"}

    def complete(self, account_sid: str, listed: Live[ApiKeySpec]) -> Live[ApiKeySpec]:
        """Add the policy, which only restricted keys have and no list contains; raises NotFound."""
        return self.fetch(account_sid, listed.sid, restricted=True)

    def list(self, account_sid: str) -> tuple[Live[ApiKeySpec], ...]:
        """Return all keys of an account, restricted ones too, each without its policy."""
        with doing(f"Listing the API keys of account {account_sid}"):
            records = read_records(self._parent.api.v2010, f"Accounts/{account_sid}/Keys.json", "keys")
            return tuple(_read_live(account_sid, record) for record in records)

    def fetch(self, account_sid: str, sid: str, *, restricted: bool = False) -> Live[ApiKeySpec]:
        """Return one key, with its policy if it is asked for as a restricted one; raises NotFound."""
        with doing(f"Reading API key {sid} in account {account_sid}"):
            if restricted:
                return _read_live(account_sid, self._account(account_sid).iam.v1.api_key(sid).fetch())
            return _read_live(account_sid, self._parent.api.v2010.accounts(account_sid).keys(sid).fetch())

    def create(self, account_sid: str, spec: ApiKeySpec) -> Live[ApiKeySpec]:
        """Make a key. Its secret is in this answer and in no other."""
        with doing(f"Creating API key '{spec.friendly_name}' in account {account_sid}"):
            if spec.policy is not None:
                keys = self._account(account_sid).iam.v1.new_api_key
                wanted = {"account_sid": account_sid, "key_type": "restricted", "policy": _write_policy(spec.policy)}
                return _read_live(account_sid, keys.create(friendly_name=spec.friendly_name, **wanted))
            keys = self._parent.api.v2010.accounts(account_sid).new_keys
            return _read_live(account_sid, keys.create(friendly_name=spec.friendly_name))

    def update(self, account_sid: str, sid: str, spec: ApiKeySpec) -> Live[ApiKeySpec]:
        """Rename a key, and replace the policy of a restricted one."""
        with doing(f"Updating API key {sid} in account {account_sid}"):
            if spec.policy is not None:
                key = self._account(account_sid).iam.v1.api_key(sid)
                return _read_live(
                    account_sid, key.update(friendly_name=spec.friendly_name, policy=_write_policy(spec.policy))
                )
            key = self._parent.api.v2010.accounts(account_sid).keys(sid)
            return _read_live(account_sid, key.update(friendly_name=spec.friendly_name))

    def delete(self, account_sid: str, sid: str) -> None:
        """Delete a key of either type, which also ends Access Tokens that it signed; raises NotFound."""
        with doing(f"Deleting API key {sid} in account {account_sid}"):
            self._parent.api.v2010.accounts(account_sid).keys(sid).delete()


def _read_live(account_sid: str, record: Any) -> Live[ApiKeySpec]:
    spec = read_spec(
        ApiKeySpec,
        account_sid=account_sid,
        friendly_name=record.friendly_name or "",
        policy=_read_policy(getattr(record, "policy", None)),
    )
    return Live(record.sid, spec, created=moment(record.date_created), secret=getattr(record, "secret", None))


def _write_policy(permissions: tuple[str, ...]) -> dict[str, list[str]]:
    return {"allow": list(permissions)}


def _read_policy(policy: Mapping[str, Any] | None) -> tuple[str, ...] | None:
    """Return a policy as a sorted set: Twilio keeps no order."""
    return None if policy is None else tuple(sorted(set(policy.get("allow") or ())))
