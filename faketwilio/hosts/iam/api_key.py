"""IAM v1 Keys: the only place where a restricted key is made and its policy is seen."""

from faketwilio.hosts.api.api_key import PERMISSION, change_key, find_key, make_key, remove_key, render_key
from faketwilio.store.records import ApiKey
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.errors import TwilioError, authentication_error, invalid
from faketwilio.wire.paging import build_meta_page
from faketwilio.wire.policy import parse_policy


def operations() -> tuple[Operation, ...]:
    list_path, item_path = "/v1/Keys", "/v1/Keys/{Sid}"
    return crud(
        list_path,
        item_path,
        PERMISSION,
        create=_create,
        list_=_list,
        fetch=_fetch,
        update=_update,
        delete=_delete,
        standard_keys=False,
    )


def _create(call: Call) -> Answer:
    account_sid, policy = _read_account_sid(call), call.params.get("Policy")
    match call.params.get("KeyType"):
        case None:
            kind, allow = "standard", None
            if policy is not None and call.store.behaviour.policy_on_standard_key == "refuse":
                raise invalid("Policy", policy)
        case "restricted":
            kind, allow = "restricted", _read_policy(call, policy)
        case other:
            raise invalid("KeyType", other)
    key = make_key(call, account_sid, kind, allow)
    return Answer(201, render_key(key) | {"secret": key.secret, "policy": _render_policy(key)})


def _list(call: Call) -> Answer:
    keys = call.store.table(ApiKey).of(_read_account_sid(call))
    newest_change_first = sorted(keys, key=lambda key: key.date_updated, reverse=True)
    return Answer(200, build_meta_page(call, "keys", newest_change_first, lambda key: key.sid, _render_item))


def _fetch(call: Call) -> Answer:
    return Answer(200, _render_whole(find_key(call, call.account.sid)))


def _update(call: Call) -> Answer:
    key, name, policy = find_key(call, call.account.sid), call.params.friendly_name(), call.params.get("Policy")
    if policy is not None and key.kind != "restricted":
        raise invalid("Policy", policy)
    changed = change_key(
        call,
        key,
        friendly_name=key.friendly_name if name is None else name,
        policy=key.policy if policy is None else _read_policy(call, policy),
    )
    return Answer(200, _render_whole(changed))


def _delete(call: Call) -> Answer:
    remove_key(call, find_key(call, call.account.sid))
    return Answer(204)


def _read_account_sid(call: Call) -> str:
    """The account that the parameter names: the caller's own, or (a switch, nobody could find out) its child's."""
    sid = call.params.require("AccountSid")
    if sid == call.caller.account.sid:
        return sid
    account = call.store.account(sid)
    is_child = account is not None and account.owner_sid == call.caller.account.sid and call.caller.key is None
    if not (is_child and call.store.behaviour.parent_may_make_iam_keys_of_child):
        raise authentication_error()
    return sid


def _read_policy(call: Call, text: str | None) -> tuple[str, ...]:
    if text is None or text == "":
        raise TwilioError(400, call.store.behaviour.missing_policy_code, "Missing required parameter Policy")
    return parse_policy(text, call.store.behaviour.permission_products)


def _render_item(key: ApiKey) -> dict[str, object]:
    # A restricted key can't sign Access Tokens.
    return render_key(key) | {"flags": ["rest_api"] if key.kind == "restricted" else ["rest_api", "signing"]}


def _render_whole(key: ApiKey) -> dict[str, object]:
    return render_key(key) | {"policy": _render_policy(key)}


def _render_policy(key: ApiKey) -> dict[str, list[str]] | None:
    return None if key.policy is None else {"allow": list(key.policy)}
