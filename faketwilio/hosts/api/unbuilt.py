"""What Twilio has beside what is built, on paths that would else be taken for something built: answered with 501."""

from faketwilio.hosts.api.archived import ROOT
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.errors import NotBuiltError

NUMBERS = "/twilio/phone-numbers/active-numbers"
KINDS_OF_NUMBERS = ("Local", "Mobile", "TollFree")
RECORDINGS = (
    ("Calls/{CallSid}/Recordings", "/twilio/voice/calls.recordings/create"),
    ("Calls/{CallSid}/Recordings/{Sid}", "/twilio/voice/calls.recordings/update"),
    ("Conferences/{ConferenceSid}/Recordings/{Sid}", "/twilio/voice/conferences.recordings/update"),
)


def operations() -> tuple[Operation, ...]:
    """They come before the others, or `Local` would be taken for a number's SID."""
    numbers = [f"{ROOT}/IncomingPhoneNumbers/{kind}.json" for kind in KINDS_OF_NUMBERS]
    return (
        *(Operation("GET", path, _refuse, f"{NUMBERS}/list", is_built=False) for path in numbers),
        *(Operation("POST", path, _refuse, f"{NUMBERS}/create", is_built=False) for path in numbers),
        *(Operation("POST", f"{ROOT}/{path}.json", _refuse, needed, is_built=False) for path, needed in RECORDINGS),
    )


def _refuse(call: Call) -> Answer:
    raise NotBuiltError(f"{call.path} is not built for this method")
