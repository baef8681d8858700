"""Before an account is closed without a notice: what is in it, shown before anybody is asked.

The provider looks again before it closes the account: in plain `pulumi up`, and where somebody used it meanwhile.
"""

from collections.abc import Collection, Iterator

from tenantry.engine.run.command import CommandError
from tenantry.engine.run.focus import CLOSING_VARIABLE, closing_in
from tenantry.engine.state.deployment import load_state
from tenantry.operations.errors import StoppedError
from tenantry.operations.stack.open import Opened
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session
from tenantry.twilio.use import CLOSE_LATER, Use


def describe_unused(opened: Opened) -> tuple[str, ...]:
    """Return a sentence for each account that this run closes without a notice: what was looked at, and not found.

    Raises StoppedError where one of them is used, or can't be looked at.
    """
    slugs = closing_in(opened.project.environ.get(CLOSING_VARIABLE, ""))
    unused = sorted(slug for slug in slugs if opened.loaded.tenants[slug].never_used)
    if not unused:
        return ()
    try:
        uses = dict(_look_at_uses(opened, unused))
    except (TwilioError, CommandError) as error:
        raise StoppedError(f"{error} Nothing was changed.") from error
    if refused := [f"{slug}: {use.told}." for slug, use in uses.items() if not use.is_none]:
        raise StoppedError("\n".join([*refused, CLOSE_LATER]))
    return tuple(f"{slug}: {use.told}. It is closed without a notice." for slug, use in uses.items())


def _look_at_uses(opened: Opened, slugs: Collection[str]) -> Iterator[tuple[str, Use]]:
    """Yield the use of the accounts that exist and are not closed."""
    state = load_state(opened.project)
    sids = {resource.name: resource.sid for resource in state if resource.kind == "subaccount"}
    session = Session.from_env(opened.project.environ)
    for slug in slugs:
        account = session.accounts.refresh(sid) if (sid := sids.get(slug)) else None
        if account is not None and account.status != "closed":
            yield slug, session.uses.look(account.sid, account.created)
