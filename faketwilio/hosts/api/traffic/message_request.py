"""What is asked for when a message is sent, refused with Twilio's codes when something is missing or wrong."""

import mimetypes
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from faketwilio.hosts.api.traffic.sender import E164, find_own_number
from faketwilio.wire.call import Call
from faketwilio.wire.errors import NotBuiltError, TwilioError

NOT_BUILT = ("MessagingServiceSid", "ContentSid", "ApplicationSid")
LONGEST = 1600  # characters
MOST_MEDIA = 10
GSM = re.compile(r"[\n\r -_a-z{}|~^\[\]\\€£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà]*")


@dataclass(frozen=True)
class MessageRequest:
    """A message that Twilio would take; content types are those of its media."""

    to: str
    sender: str
    body: str
    segments: int
    content_types: tuple[str, ...]


def read_message_request(call: Call) -> MessageRequest:
    """What the parameters ask for; raises Twilio's errors, and 501 for senders and contents that aren't built."""
    params = call.params
    to, body, media = _to(call), params.get("Body") or "", params.all("MediaUrl")
    if not params.get("From") and not params.get("MessagingServiceSid"):
        message = "A 'From' or 'MessagingServiceSid' parameter is required to send a message"
        raise TwilioError(400, 21603, message)
    if not body and not media and not params.get("ContentSid"):
        raise TwilioError(400, 21602, "Message body is required")
    if len(body) > LONGEST:
        raise TwilioError(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    if len(media) > MOST_MEDIA:
        raise TwilioError(400, 21623, "Number of media files exceeds allowed limit")
    if params.get("ScheduleType") and not params.get("MessagingServiceSid"):
        raise TwilioError(400, 35118, "MessagingServiceSid is required to schedule a message")
    discards = _read_privacy(call, "ContentRetention", ("retain", "discard"), 30029) == "discard"
    hides = _read_privacy(call, "AddressRetention", ("retain", "obfuscate"), 30030) == "obfuscate"
    return MessageRequest(
        to=f"{to[:-4]}XXXX" if hides else to,
        sender=_read_sender(call),
        body="" if discards else body,
        segments=_count_segments(body),
        content_types=tuple(map(_guess_content_type, media)),
    )


def _to(call: Call) -> str:
    to = call.params.get("To")
    if not to:
        raise TwilioError(400, 21604, "The destination 'To' phone number is required to send an SMS")
    if not E164.fullmatch(to):
        raise TwilioError(400, 21211, f"Invalid 'To' Phone Number: {to}")
    return to


def _read_sender(call: Call) -> str:
    for name in NOT_BUILT:
        if call.params.get(name):
            raise NotBuiltError(f"a message with {name} is not built")
    message = (
        "The 'From' phone number provided is not a valid message-capable Twilio phone number for this"
        " destination/account"
    )
    return find_own_number(call, call.params.require("From"), TwilioError(400, 21606, message)).phone_number


def _read_privacy(call: Call, name: str, choices: tuple[str, str], code: int) -> str | None:
    """A flag of Message Privacy: on an account that has it not, only keeping is allowed."""
    value = call.params.get(name)
    if value is None:
        return None
    if value not in choices or (value != "retain" and not call.store.behaviour.message_privacy):
        raise TwilioError(400, code, f"Invalid {name}")
    return value


def _guess_content_type(url: str) -> str:
    """By the ending of the URL's path: the fake fetches nothing."""
    ending = PurePosixPath(url.partition("?")[0]).suffix.lower()
    return mimetypes.types_map.get(ending, "application/octet-stream")


def _count_segments(body: str) -> int:
    """How many messages a text is cut into: by 160 characters of GSM 7 or 70 of UCS-2, by less if there are several."""
    alone, per_segment = (160, 153) if GSM.fullmatch(body) else (70, 67)
    length = len(body.encode("utf-16-le")) // 2
    return 1 if length <= alone else -(-length // per_segment)
