"""v2010 Accounts: made, listed, renamed, suspended and closed, but never deleted."""

from dataclasses import replace
from datetime import datetime

from faketwilio.hosts.api.incoming_phone_number import release_numbers
from faketwilio.hosts.monitor.audit import note
from faketwilio.store.records import Account
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.errors import TwilioError, authentication_error
from faketwilio.wire.formats import format_rfc2822, snake
from faketwilio.wire.paging import build_v2010_list

ROOT = "/2010-04-01/Accounts"
STATUSES = ("active", "suspended", "closed")
SUBRESOURCES = (
    "AvailablePhoneNumbers",
    "Calls",
    "Conferences",
    "IncomingPhoneNumbers",
    "Notifications",
    "OutgoingCallerIds",
    "Recordings",
    "Transcriptions",
    "Addresses",
    "SigningKeys",
    "ConnectApps",
    "SIP",
    "AuthorizedConnectApps",
    "Usage",
    "Keys",
    "Applications",
    "SMS/ShortCodes",
    "Queues",
    "Messages",
    "Balance",
)


def operations() -> tuple[Operation, ...]:
    item_path = f"{ROOT}/{{AccountSid}}.json"
    return (
        Operation("POST", f"{ROOT}.json", _create, standard_keys=False, is_about_accounts=True),
        Operation("GET", f"{ROOT}.json", _list, "/twilio/iam/accounts/list", False, is_about_accounts=True),
        Operation("GET", item_path, _fetch, "/twilio/iam/accounts/read", False, is_about_accounts=True),
        Operation("POST", item_path, _update, standard_keys=False, is_about_accounts=True),
    )


def _create(call: Call) -> Answer:
    store, owner = call.store, call.caller.account
    if not owner.is_parent:
        raise TwilioError(400, 21101, "Subaccounts cannot contain subaccounts")
    if owner.status != "active":
        raise authentication_error()
    name = call.params.friendly_name()
    _refuse_too_many(call)
    now = store.clock.now()
    account = Account(
        sid=store.sids.sid("AC"),
        owner_sid=owner.sid,
        friendly_name=name or _generate_name(now),
        auth_token=store.sids.auth_token(),
        date_created=now,
        date_updated=now,
        type=owner.type,
    )
    note(store, call.caller, "account.created", account)
    return Answer(201, _render(call, store.accounts.put(account)))


def _list(call: Call) -> Answer:
    caller, store = call.caller.account, call.store
    name, status = call.params.get("FriendlyName"), call.params.choice("Status", STATUSES)
    fold = str.casefold if store.behaviour.name_filter_ignores_case else str

    def keep(account: Account) -> bool:
        return (
            (caller.is_parent or account.sid == caller.sid)
            and not store.is_gone(account)
            and (not name or fold(name) == fold(account.friendly_name))
            and status in (None, account.status)
        )

    listing = store.accounts.listing(caller.owner_sid, keep)
    return Answer(200, build_v2010_list(call, "accounts", listing, lambda item_path: _render(call, item_path)))


def _fetch(call: Call) -> Answer:
    return Answer(200, _render(call, call.account))


def _update(call: Call) -> Answer:
    account, now = call.account, call.store.clock.now()
    name, status = call.params.friendly_name(), call.params.get("Status")
    if call.caller.key is not None and not account.is_parent:
        raise authentication_error()
    if status is not None:
        _refuse_status(call, account, status)
    elif account.status == "closed":
        raise _make_status_error(call, 21479, "This subaccount has been closed.")
    changed = replace(
        account,
        friendly_name=name or account.friendly_name,
        status=status or account.status,
        date_updated=now,
        closed_at=now if status == "closed" else account.closed_at,
    )
    note(call.store, call.caller, "account.updated", changed, account)
    if status == "closed":
        release_numbers(call.store, account.sid)
    return Answer(200, _render(call, call.store.accounts.put(changed)))


def _refuse_status(call: Call, account: Account, status: str) -> None:
    if status not in STATUSES:
        raise _make_status_error(call, 21475, "Unable to update Status, invalid Status.")
    if account.is_parent:
        raise _make_status_error(call, 21477, "Unable to update Status for parent accounts")
    if call.caller.account.sid == account.sid:
        raise authentication_error()
    if account.status == "closed":
        raise _make_status_error(call, 21479, "Unable to update Status, subaccount has been closed.")
    if call.store.parent.status != "active":
        raise _make_status_error(
            call, 21476, "Unable to update Status for subaccount, parent account has been suspended"
        )
    if account.suspended_by_twilio and status == "active":
        raise _make_status_error(
            call, 21478, "Unable to update Status for subaccount, subaccount has been suspended by Twilio"
        )


def _make_status_error(call: Call, code: int, message: str) -> TwilioError:
    return TwilioError(call.store.behaviour.status_error_status, code, message)


def _refuse_too_many(call: Call) -> None:
    store, owner = call.store, call.caller.account
    limit = 1 if owner.type == "Trial" else store.behaviour.max_subaccounts
    if store.accounts.count(owner.sid) <= limit:  # the owner is listed too
        return
    counted = [
        account
        for account in store.accounts_of(owner.sid)
        if not account.is_parent and (store.behaviour.closed_accounts_count or account.status != "closed")
    ]
    if len(counted) >= limit:
        raise _make_status_error(call, 21480, "Reached maximum number of subaccounts")


def _generate_name(now: datetime) -> str:
    return f"SubAccount Created at {now:%Y-%m-%d %I:%M} {'am' if now.hour < 12 else 'pm'}"


def _render(call: Call, account: Account) -> dict[str, object]:
    uri = f"{ROOT}/{account.sid}"
    return {
        "auth_token": "" if call.caller.key else account.auth_token,
        "date_created": format_rfc2822(account.date_created),
        "date_updated": format_rfc2822(account.date_updated),
        "friendly_name": account.friendly_name,
        "owner_account_sid": account.owner_sid,
        "sid": account.sid,
        "status": account.status,
        "subresource_uris": {_write_link(name): f"{uri}/{name}.json" for name in SUBRESOURCES},
        "type": account.type,
        "uri": f"{uri}.json",
    }


def _write_link(name: str) -> str:
    last = name.rpartition("/")[2]
    return "sip" if last == "SIP" else snake(last)
