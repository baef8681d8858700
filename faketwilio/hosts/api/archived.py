"""What messages, calls, recordings and the like have in common: finding one, refusing to delete one."""

from typing import TypeVar

from faketwilio.store.archive import Archive
from faketwilio.store.records import Owned, Stamped
from faketwilio.wire.call import Answer, Call
from faketwilio.wire.errors import TwilioError, not_found
from faketwilio.wire.formats import format_rfc2822

R = TypeVar("R", bound=Owned)
ROOT = "/2010-04-01/Accounts/{AccountSid}"


def find(call: Call, archive: Archive[R], prefix: str, name: str = "Sid") -> R:
    """The account's record that the path names; 70002 for another kind's SID, 404 for none."""
    record = archive.get(call.sid(name, prefix))
    if record is None or record.account_sid != call.account.sid:
        raise not_found(call.path)
    return record


def refuse_incomplete(call: Call) -> TwilioError:
    """20009, whose HTTP status nobody could find out."""
    status = call.store.behaviour.incomplete_status
    return TwilioError(status, 20009, "Cannot delete this resource before it is complete")


def never_deleted(call: Call) -> Answer:
    """The DELETE that Twilio has not; whether it says 405 or 404, nobody could find out."""
    if call.store.behaviour.undeletable == "not-found":
        raise not_found(call.path)
    raise TwilioError(405, 20004, "Method not allowed")


def uri(call: Call, path: str) -> str:
    return f"/2010-04-01/Accounts/{call.account.sid}/{path}"


def render_common(record: Stamped) -> dict[str, object]:
    """What every answer about a record of this API begins with."""
    return {
        "sid": record.sid,
        "account_sid": record.account_sid,
        "api_version": "2010-04-01",
        "date_created": format_rfc2822(record.date_created),
        "date_updated": format_rfc2822(record.date_updated),
    }
