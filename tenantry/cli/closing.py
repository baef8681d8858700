"""Before an account is closed without a notice: what is in it, told before anybody is asked.

The provider looks again before it closes the account: in plain `pulumi up`, and where somebody used it meanwhile.
"""

from collections.abc import Collection, Iterator

from tenantry.cli.stack import Opened
from tenantry.engine.run.command import CommandError
from tenantry.engine.run.focus import CLOSING_VARIABLE, closing_in
from tenantry.engine.state.deployment import load_state
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session
from tenantry.twilio.use import CLOSE_LATER, Use


class ClosingError(Exception):
    """An account may not be closed by this run; the text says why and what to do next."""


def look_at_unused(opened: Opened) -> tuple[str, ...]:
    """Return what was looked at in each account that this run closes without a notice; raises ClosingError."""
    slugs = closing_in(opened.project.environ.get(CLOSING_VARIABLE, ""))
    unused = sorted(slug for slug in slugs if opened.loaded.tenants[slug].never_used)
    if not unused:
        return ()
    try:
        looked = dict(_looked(opened, unused))
    except (TwilioError, CommandError) as error:
        raise ClosingError(f"{error} Nothing was changed.") from error
    if refused := [f"{slug}: {use.summary}." for slug, use in looked.items() if not use.is_none]:
        raise ClosingError("\n".join([*refused, CLOSE_LATER]))
    return tuple(f"{slug}: {use.summary}. It is closed without a notice." for slug, use in looked.items())


def _looked(opened: Opened, slugs: Collection[str]) -> Iterator[tuple[str, Use]]:
    """Yield the use of the accounts that are there and not closed."""
    held = {one.name: one.sid for one in load_state(opened.project) if one.kind == "subaccount"}
    session = Session.from_env(opened.project.environ)
    for slug in slugs:
        account = session.accounts.refresh(sid) if (sid := held.get(slug)) else None
        if account is not None and account.status != "closed":
            yield slug, session.uses.look(account.sid, account.created)
