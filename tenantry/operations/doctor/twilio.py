"""Whose account the credentials are, by asking Twilio for it: one read, and nothing is changed."""

from collections.abc import Mapping

from tenantry.engine.install.doctor import Finding
from tenantry.operations.doctor.stack import SeenStack
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
"""A person waits, and wants to know that Twilio does not answer now."""
UNSET = f"{SID} and {TOKEN} are not set; `tenantry preview` without --refresh needs none, every other run does"


def examine_credentials(environ: Mapping[str, str], seen: SeenStack) -> Finding:
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
    return _judge_account(account, seen, address_from(environ))


def _judge_account(account: LiveAccount, seen: SeenStack, address: str | None) -> Finding:
    name = plain(f'{account.sid} "{account.friendly_name}"')
    if not account.is_parent:
        way = f"set {SID} and {TOKEN} to those of the parent"
        text = f"{name} is a subaccount of {account.owner_account_sid}, and no parent account; {way}"
        return Finding("fail", "credentials", text)
    if account.status != "active":
        text = f"parent account {name} is {plain(account.status)}: see why in the Console, or ask Twilio's support"
        return Finding("fail", "credentials", text)
    whose = f", the parent of stack {seen.stack}" if seen.parent else ""
    if seen.is_read and not seen.parent:
        whose = f"; the first `tenantry up` of stack {seen.stack} takes it as its parent"
    return Finding("ok", "credentials", f"{address or 'Twilio'} knows them: parent account {name}, active{whose}")


def _of_another(sid: str, seen: SeenStack) -> str:
    text = (
        f"{SID} is {sid}, and stack {seen.stack} belongs to the parent account {seen.parent}; set {SID} and {TOKEN} to "
        f"those of {seen.parent}, or take another stack (--stack, or `pulumi stack select`)."
    )
    return _with_hint(text, seen)


def _with_hint(text: str, seen: SeenStack) -> str:
    return f"{text} {seen.hint}" if seen.hint else text
