"""v2010 Keys and SigningKeys, which are one resource under two names."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from faketwilio.hosts.monitor.audit import note
from faketwilio.store.records import ApiKey
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.errors import TwilioError, not_found
from faketwilio.wire.formats import format_rfc2822
from faketwilio.wire.paging import build_v2010_page

PERMISSION = "/twilio/iam/api-keys"


def operations() -> tuple[Operation, ...]:
    return _list_operations("Keys", "keys") + _list_operations("SigningKeys", "signing_keys")


def find_key(call: Call, account_sid: str) -> ApiKey:
    """The key that the path names, if it is that account's; 70002 for another kind's SID, 404 for none."""
    key = call.store.table(ApiKey).get(call.sid("Sid", "SK"))
    if key is None or key.account_sid != account_sid:
        raise not_found(call.path)
    return key


def make_key(call: Call, account_sid: str, kind: str, policy: tuple[str, ...] | None) -> ApiKey:
    """A new key; raises 70151 when the account is full of them."""
    store, name = call.store, call.params.friendly_name()  # none is generated
    if store.table(ApiKey).count(account_sid) >= store.behaviour.max_keys:
        raise TwilioError(400, 70151, "Maximum Number Of API Keys Exceeded")
    now = store.clock.now()
    key = ApiKey(store.sids.sid("SK"), account_sid, name, store.sids.secret(), now, now, kind, policy)
    note(store, call.caller, "api-key.created", key)
    return store.table(ApiKey).put(key)


def change_key(call: Call, key: ApiKey, **changes: Any) -> ApiKey:
    """The next state of a key."""
    changed = replace(key, date_updated=call.store.clock.now(), **changes)
    note(call.store, call.caller, "api-key.updated", changed, key)
    return call.store.table(ApiKey).put(changed)


def remove_key(call: Call, key: ApiKey) -> None:
    note(call.store, call.caller, "api-key.deleted", key)
    call.store.table(ApiKey).remove(key.sid)


def render_key(key: ApiKey) -> dict[str, object]:
    """What every answer about a key holds; the secret is only in the one that made it."""
    return {
        "sid": key.sid,
        "friendly_name": key.friendly_name,
        "date_created": format_rfc2822(key.date_created),
        "date_updated": format_rfc2822(key.date_updated),
    }


def _list_operations(folder: str, list_key: str) -> tuple[Operation, ...]:
    many = f"/2010-04-01/Accounts/{{AccountSid}}/{folder}.json"
    item_path = f"/2010-04-01/Accounts/{{AccountSid}}/{folder}/{{Sid}}.json"
    return crud(
        many,
        item_path,
        PERMISSION,
        create=_create,
        list_=_make_lister(list_key),
        fetch=_fetch,
        update=_update,
        delete=_delete,
        standard_keys=False,
    )


def _create(call: Call) -> Answer:
    # KeyType and Policy are ignored here as Twilio ignores them: a caller who trusts them gets a key to everything.
    key = make_key(call, call.account.sid, "standard", None)
    return Answer(201, render_key(key) | {"secret": key.secret})


def _make_lister(list_key: str) -> Callable[[Call], Answer]:
    def _list(call: Call) -> Answer:
        keys = call.store.table(ApiKey).of(call.account.sid)
        return Answer(200, build_v2010_page(call, list_key, keys, lambda key: key.sid, render_key))

    return _list


def _fetch(call: Call) -> Answer:
    return Answer(200, render_key(find_key(call, call.account.sid)))


def _update(call: Call) -> Answer:
    key, name = find_key(call, call.account.sid), call.params.friendly_name()
    changed = change_key(call, key, friendly_name=key.friendly_name if name is None else name)
    return Answer(200, render_key(changed))


def _delete(call: Call) -> Answer:
    remove_key(call, find_key(call, call.account.sid))
    return Answer(204)
