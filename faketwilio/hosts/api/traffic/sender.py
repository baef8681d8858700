"""Who a message or a call may come from: a number of the account, as far as this fake has senders."""

import re

from faketwilio.hosts.api.records import IncomingPhoneNumber
from faketwilio.wire.call import Call
from faketwilio.wire.errors import NotBuiltError, TwilioError

E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


def find_own_number(call: Call, number: str, foreign: TwilioError) -> IncomingPhoneNumber:
    """The number, if it is one of the account's; raises `foreign` if it is not, 501 for senders that are no numbers."""
    if not E164.fullmatch(number):
        raise NotBuiltError(f"only numbers such as +15005550006 can send here, not {number!r}")
    numbers = call.store.table(IncomingPhoneNumber).of(call.account.sid)
    found = next((candidate for candidate in numbers if candidate.phone_number == number), None)
    if found is None:
        raise foreign
    return found
