"""v2010 IncomingPhoneNumbers: got, set, moved between accounts of one parent, and released."""

import re
from collections.abc import Mapping
from dataclasses import replace

from faketwilio.hosts.api.archived import ROOT, render_common
from faketwilio.hosts.api.records import IncomingPhoneNumber
from faketwilio.hosts.api.traffic.sender import E164
from faketwilio.hosts.api.usage.firing import have_news
from faketwilio.hosts.api.usage.number_charge import charge_numbers
from faketwilio.store.store import Store
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.errors import TwilioError, missing, not_found
from faketwilio.wire.formats import snake
from faketwilio.wire.paging import build_v2010_list

PERMISSION = "/twilio/phone-numbers/active-numbers"
URLS = ("SmsFallbackUrl", "SmsUrl", "StatusCallback", "VoiceFallbackUrl", "VoiceUrl")
METHODS = ("SmsFallbackMethod", "SmsMethod", "StatusCallbackMethod", "VoiceFallbackMethod", "VoiceMethod")
UNSET: Mapping[str, object] = {
    "address_requirements": "none",
    "address_sid": None,
    "beta": False,
    "bundle_sid": None,
    "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
    "emergency_address_sid": None,
    "emergency_address_status": "unregistered",
    "emergency_status": "Inactive",
    "identity_sid": None,
    "origin": "twilio",
    "sms_application_sid": "",
    "status": "in-use",
    "trunk_sid": None,
    "type": "local",
    "voice_application_sid": "",
    "voice_caller_id_lookup": False,
    "voice_receive_mode": "voice",
}


def operations() -> tuple[Operation, ...]:
    list_path, item_path = f"{ROOT}/IncomingPhoneNumbers.json", f"{ROOT}/IncomingPhoneNumbers/{{Sid}}.json"
    return crud(
        list_path, item_path, PERMISSION, create=_create, list_=_list, fetch=_fetch, update=_update, delete=_delete
    )


def release_numbers(store: Store, account_sid: str) -> None:
    """What closing an account does: all its numbers are gone."""
    for number in store.table(IncomingPhoneNumber).of(account_sid):
        store.table(IncomingPhoneNumber).remove(number.sid)


def _create(call: Call) -> Answer:
    store, now, number = call.store, call.store.clock.now(), _read_wanted_number(call)
    number_record = IncomingPhoneNumber(
        sid=store.sids.sid("PN"),
        account_sid=call.account.sid,
        phone_number=number,
        friendly_name=call.params.friendly_name() or number,
        date_created=now,
        date_updated=now,
        settings=_read_settings(call),
    )
    answer = Answer(201, _render(store.table(IncomingPhoneNumber).put(number_record)))
    charge_numbers(store)
    have_news(store, number_record.account_sid)
    return answer


def _list(call: Call) -> Answer:
    number, name = call.params.get("PhoneNumber") or "", call.params.get("FriendlyName")
    beta, origin = call.params.choice("Beta", ("true", "false")), call.params.get("Origin")

    def keep(record: IncomingPhoneNumber) -> bool:
        is_wanted = beta != "true" and origin in (None, "", "twilio")  # none is beta, all are Twilio's own
        return is_wanted and number in record.phone_number and name in (None, "", record.friendly_name)

    listing = call.store.table(IncomingPhoneNumber).listing(call.account.sid, keep)
    return Answer(200, build_v2010_list(call, "incoming_phone_numbers", listing, _render))


def _fetch(call: Call) -> Answer:
    return Answer(200, _render(_find(call)))


def _update(call: Call) -> Answer:
    number = _find(call)
    charge_numbers(call.store)
    changed = replace(
        number,
        account_sid=_read_target(call) or number.account_sid,
        friendly_name=call.params.friendly_name() or number.friendly_name,
        settings={**number.settings, **_read_settings(call)},
        date_updated=call.store.clock.now(),
    )
    return Answer(200, _render(call.store.table(IncomingPhoneNumber).put(changed)))


def _delete(call: Call) -> Answer:
    number = _find(call)
    charge_numbers(call.store)
    call.store.table(IncomingPhoneNumber).remove(number.sid)
    return Answer(204)


def _find(call: Call) -> IncomingPhoneNumber:
    number = call.store.table(IncomingPhoneNumber).get(call.sid("Sid", "PN"))
    if number is None or number.account_sid != call.account.sid:
        raise not_found(call.path)
    return number


def _read_wanted_number(call: Call) -> str:
    """The number that was named, or a free one of the area; raises Twilio's errors for one that can't be had."""
    taken = {record.phone_number for record in call.store.table(IncomingPhoneNumber).all()}
    number, area = call.params.get("PhoneNumber"), call.params.get("AreaCode")
    if number:
        if not E164.fullmatch(number):
            raise TwilioError(400, 21421, "Phone Number is invalid")
        if number in taken:
            raise TwilioError(400, 21422, "PhoneNumber is not available")
        return number
    if not area:
        raise missing("PhoneNumber or AreaCode")
    if not re.fullmatch("[2-9][0-9]{2}", area, re.ASCII):
        raise TwilioError(400, 21451, "Invalid area code")
    free = (f"+1{area}555{last:04}" for last in range(10_000))
    found = next((record for record in free if record not in taken), None)
    if found is None:
        raise TwilioError(400, 21452, "No phone numbers found in area code")
    return found


def _read_target(call: Call) -> str | None:
    """The account that a number is moved to: only the parent's auth token moves it, and only within its accounts."""
    sid = call.params.get("AccountSid")
    if sid is None or sid == call.account.sid:
        return None
    if not re.fullmatch("AC[0-9a-fA-F]{32}", sid):
        raise TwilioError(400, 21470, "Invalid AccountSid")
    target = call.store.account(sid)
    if target is None:
        raise TwilioError(400, 21471, "Account does not exist")
    if not call.caller.account.is_parent or call.caller.key is not None:
        raise TwilioError(400, 21474, "API User must be the parent account to transfer phone numbers.")
    if target.status != "active":
        raise TwilioError(400, 21472, "Account is not active")
    return target.sid


def _read_settings(call: Call) -> dict[str, str]:
    urls = {snake(name): value for name in URLS if (value := call.params.get(name)) is not None}
    methods = {snake(name): value for name in METHODS if (value := call.params.choice(name, ("GET", "POST")))}
    return urls | methods


def _render(number: IncomingPhoneNumber) -> dict[str, object]:
    unset = {snake(name): None if name.startswith("Voice") else "" for name in URLS}
    methods = {snake(name): "POST" for name in METHODS}
    own = {
        "friendly_name": number.friendly_name,
        "phone_number": number.phone_number,
        "uri": f"/2010-04-01/Accounts/{number.account_sid}/IncomingPhoneNumbers/{number.sid}.json",
    }
    return render_common(number) | dict(UNSET) | unset | methods | dict(number.settings) | own
