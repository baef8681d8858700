"""Whose account the credentials are, by asking Twilio for it: one read, and nothing is changed."""

from collections.abc import Mapping

from tenantry.cli.doctor_stack import Seen
from tenantry.engine.install.doctor import Finding
from tenantry.text.plain import plain
from tenantry.twilio.credentials import SID, TOKEN
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.retry_policy import RetryPolicy
from tenantry.twilio.http.shown_address import address_from
from tenantry.twilio.session import Session
from tenantry.twilio.subaccount import LiveAccount

RETRY_POLICY = RetryPolicy(
    connect_timeout=5, read_timeout=10, answer_timeout=15, budget=5, trouble_tries=2, unconnected_tries=1
)
"""Somebody waits, and that Twilio does not answer now is what they want to know."""
UNSET = f"{SID} and {TOKEN} are not set; a preview without refresh needs none, all else does"


def examine_credentials(environ: Mapping[str, str], seen: Seen) -> Finding:
    """Ask Twilio for the account of the credentials, and compare it with the stack's parent."""
    if not (environ.get(SID) or environ.get(TOKEN)):
        return Finding("warn", "credentials", UNSET)
    try:
        session = Session.from_env(environ, retry_policy=RETRY_POLICY)
        if seen.parent not in (None, session.parent_sid):
            return Finding("fail", "credentials", _of_another(session.parent_sid, seen))
        account = session.subaccounts.fetch(session.parent_sid)
    except TwilioError as error:
        return Finding("fail", "credentials", _with_hint(plain(str(error)), seen))
    return _judged(account, seen, address_from(environ))


def _judged(account: LiveAccount, seen: Seen, address: str | None) -> Finding:
    called = plain(f'{account.sid} "{account.friendly_name}"')
    if not account.is_parent:
        way = f"set {SID} and {TOKEN} to those of the parent"
        told = f"{called} is a subaccount of {account.owner_account_sid}, and no parent account; {way}"
        return Finding("fail", "credentials", told)
    if account.status != "active":
        told = f"parent account {called} is {plain(account.status)}: see why in the Console, or ask Twilio's support"
        return Finding("fail", "credentials", told)
    whose = f", the parent of stack {seen.stack}" if seen.parent else ""
    if seen.is_read and not seen.parent:
        whose = f"; the first `tenantry up` of stack {seen.stack} takes it as its parent"
    return Finding("ok", "credentials", f"{address or 'Twilio'} knows them: parent account {called}, active{whose}")


def _of_another(sid: str, seen: Seen) -> str:
    told = (
        f"{SID} is {sid}, and stack {seen.stack} belongs to the parent account {seen.parent}; set {SID} and {TOKEN} to "
        f"those of {seen.parent}, or take another stack (--stack, or `pulumi stack select`)."
    )
    return _with_hint(told, seen)


def _with_hint(told: str, seen: Seen) -> str:
    return f"{told} {seen.hint}" if seen.hint else told
