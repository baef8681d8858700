"""What restricted keys are commonly for and the fake has not: permission is checked, then the answer is 501."""

from tenantry.fake.call import Answer, Call, Operation
from tenantry.fake.errors import NotBuiltError

MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages"
PERMISSION = "/twilio/messaging/messages"


def operations() -> tuple[Operation, ...]:
    return (
        Operation("POST", f"{MESSAGES}.json", _refuse, f"{PERMISSION}/create", is_built=False),
        Operation("GET", f"{MESSAGES}.json", _refuse, f"{PERMISSION}/list", is_built=False),
        Operation("GET", f"{MESSAGES}/{{Sid}}.json", _refuse, f"{PERMISSION}/read", is_built=False),
        Operation("POST", f"{MESSAGES}/{{Sid}}.json", _refuse, f"{PERMISSION}/update", is_built=False),
        Operation("DELETE", f"{MESSAGES}/{{Sid}}.json", _refuse, f"{PERMISSION}/delete", is_built=False),
    )


def _refuse(call: Call) -> Answer:
    raise NotBuiltError(f"{call.path} is not built")
