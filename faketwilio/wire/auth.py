"""Who is calling, and may they: Basic authentication and the reach of each kind of credential."""

import base64

from faketwilio.store.bearer import BearerTokens
from faketwilio.store.records import Account, ApiKey
from faketwilio.store.store import Store
from faketwilio.wire.call import Caller, Operation
from faketwilio.wire.errors import TwilioError, authentication_error, not_found
from faketwilio.wire.policy import allows

ALLOWED: dict[str, tuple[str, ...]] = {
    "everything": ("GET", "POST", "DELETE"),
    "reads-and-deletes": ("GET", "DELETE"),
    "reads": ("GET",),
    "nothing": (),
}


def claimed_account(store: Store, authorization: str | None) -> str | None:
    """The account whose credentials a request claims to have, unchecked: for counting."""
    user, _ = _read_basic(authorization) or ("", "")
    key = store.table(ApiKey).get(user)
    return key.account_sid if key else (user or None)


def authenticate(store: Store, authorization: str | None, operation: Operation) -> Caller:
    """The caller, if the credentials are good and the account is active; raises 20003 otherwise."""
    user, password = _read_basic(authorization) or ("", "")
    key = store.table(ApiKey).get(user)
    account = store.account(key.account_sid if key else user)
    if account is None or password not in ((key.secret,) if key else tokens(account)):
        raise authentication_error()
    _refuse_inactive(store, account, operation)
    return Caller(account, key)


def require_bearer(store: Store, authorization: str | None) -> None:
    """Refuse a request without the access token of an OAuth app: auth tokens and keys don't reach there."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not store.part(BearerTokens).is_good(token, store.clock.now()):
        raise authentication_error()


def tokens(account: Account) -> tuple[str, ...]:
    """The auth tokens that are good: a secondary one is as good as the primary."""
    return (account.auth_token,) + ((account.secondary_auth_token,) if account.secondary_auth_token else ())


def authorize(caller: Caller, operation: Operation) -> None:
    """Refuse a key that does not reach this operation: 20003 for a standard one, 70051 for a restricted one."""
    if caller.key is None or caller.key.kind == "main":
        return
    if caller.key.kind == "standard":
        if not operation.standard_keys:
            raise authentication_error()
        return
    if operation.permission is None:
        raise authentication_error()
    if not allows(caller.key.policy or (), operation.permission):
        needed = operation.permission.removeprefix("/")
        raise TwilioError(401, 70051, f"Authorization Error: required permission {needed} is missing")


def find_account_in_path(store: Store, caller: Caller, operation: Operation, sid: str, path: str) -> Account:
    """The account that a v2010 path names: one that there isn't is 404, one out of the caller's reach 401."""
    account = store.account(sid)
    if account is None:
        raise not_found(path)
    if account.sid == caller.account.sid:
        return account
    if account.owner_sid != caller.account.sid or (caller.key is not None and not operation.is_about_accounts):
        raise authentication_error()
    if not operation.is_about_accounts:
        _refuse_in_inactive(store, account, operation)
    return account


def inactive(store: Store) -> TwilioError:
    """What an account that is not active gets; which of Twilio's codes it is, nobody could find out."""
    code = store.behaviour.suspended_credentials_code
    message = "Authenticate" if code == 20003 else "Account is not active"
    return TwilioError(store.behaviour.suspended_credentials, code, message)


def _refuse_inactive(store: Store, account: Account, operation: Operation) -> None:
    parent = store.account(account.owner_sid)
    # A suspended parent must still reach Accounts, or Twilio's own 21476 could never be seen.
    if account.is_parent and operation.is_about_accounts:
        return
    if account.status != "active" or parent is None or parent.status != "active":
        raise inactive(store)


def _refuse_in_inactive(store: Store, account: Account, operation: Operation) -> None:
    reach = {
        "active": "everything",
        "suspended": store.behaviour.parent_in_suspended_account,
        "closed": store.behaviour.parent_in_closed_account,
    }[account.status]
    if operation.method not in ALLOWED[reach]:
        raise inactive(store)


def _read_basic(authorization: str | None) -> tuple[str, str] | None:
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (user, password) if colon else None
