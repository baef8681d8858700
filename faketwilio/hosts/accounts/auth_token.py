"""Accounts v1 AuthTokens: a second token beside the first, and its promotion. No path names an account."""

from dataclasses import replace

from faketwilio.hosts.monitor.audit import note
from faketwilio.store.records import Account, ApiKey
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.errors import TwilioError, not_found
from faketwilio.wire.formats import format_iso

SECONDARY, PROMOTE = "/v1/AuthTokens/Secondary", "/v1/AuthTokens/Promote"


def operations() -> tuple[Operation, ...]:
    return (
        Operation("POST", SECONDARY, _create, standard_keys=False),
        Operation("DELETE", SECONDARY, _delete, standard_keys=False),
        Operation("POST", PROMOTE, _promote, standard_keys=False),
    )


def _create(call: Call) -> Answer:
    store, account = call.store, _find_account(call)
    if account.secondary_auth_token is not None and store.behaviour.second_secondary_token == "refuse":  # noqa: S105 - not a token
        raise TwilioError(400, store.behaviour.second_secondary_token_code, "A secondary auth token exists already")
    changed = _put(call, account, account.auth_token, store.sids.auth_token())
    return Answer(201, _render(call, changed, SECONDARY) | {"secondary_auth_token": changed.secondary_auth_token})


def _delete(call: Call) -> Answer:
    account = _find_account(call)
    if account.secondary_auth_token is None:
        raise not_found(call.path)
    _put(call, account, account.auth_token, None)
    return Answer(204)


def _promote(call: Call) -> Answer:
    account = _find_account(call)
    if account.secondary_auth_token is None:
        raise not_found(call.path)
    changed = _put(call, account, account.secondary_auth_token, None)
    if not call.store.behaviour.api_keys_survive_promotion:
        for key in call.store.table(ApiKey).of(account.sid):
            call.store.table(ApiKey).remove(key.sid)
    note(call.store, call.caller, "account.auth-token-promoted", changed)
    return Answer(200, _render(call, changed, PROMOTE) | {"auth_token": changed.auth_token})


def _find_account(call: Call) -> Account:
    # Twilio would send an e-mail unless this is true; the fake has nobody to write to.
    call.params.choice("SuppressEmailNotification", ("true", "false"))
    return call.account


def _put(call: Call, account: Account, primary: str, secondary: str | None) -> Account:
    now = call.store.clock.now()
    changed = replace(account, auth_token=primary, secondary_auth_token=secondary, date_updated=now)
    return call.store.accounts.put(changed)


def _render(call: Call, account: Account, path: str) -> dict[str, object]:
    return {
        "account_sid": account.sid,
        "date_created": format_iso(account.date_updated),
        "date_updated": format_iso(account.date_updated),
        "url": f"https://{call.host}{path}",
    }
