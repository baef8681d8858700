"""Keys whose answer was lost: what proves that nobody was ever told the secret of a key that is there.

Such a key may be deleted, and only such a one. That a key is young proves nothing by itself: after a state was lost, or
put back as it was before, the youngest key may be the one that an application uses.
"""

from datetime import datetime, timedelta

from tenantry.engine.run.request import current_urn
from tenantry.engine.state.unfinished import ALLOWANCE, run_of
from tenantry.model.api_key import ApiKeySpec
from tenantry.providers.connection import Connection
from tenantry.providers.gateway import account_of
from tenantry.providers.stack import own_stack
from tenantry.twilio.live import Live

YOUNG = timedelta(minutes=60)
"""An older key is never taken for one whose answer was lost, whatever else speaks for it."""


def is_lost_answer(here: Connection, spec: ApiKeySpec, live: Live[ApiKeySpec]) -> bool:
    """Return whether a key of an entry's name was made by a create whose answer nobody has; raises Refused.

    This process sent that create, or a run of this stack that did not end well. In an account that was adopted, or
    found again after a lost state, the second is not believed: what is in there is used.
    """
    made = live.created
    if made is None or not is_young(here, made):
        return False
    if here.creates.may_have_made(account_of(spec), spec.friendly_name, live.sid, made):
        return True
    return not here.has_adopted(account_of(spec)) and _is_of_unfinished_run(made, here.session.clock_ahead())


def is_young(here: Connection, made: datetime) -> bool:
    """Return whether a key is young enough, by Twilio's clock, to be one whose answer was lost."""
    return here.session.twilio_now() - made < YOUNG


def _is_of_unfinished_run(made: datetime, ahead: timedelta | None) -> bool:
    """Return whether a run that did not end well may have made a key; `ahead` is how far Twilio's clock is of ours.

    `tenantry up` marks the stack for that. Plain Pulumi leaves the create pending in the state, or a failed run in its
    history, by this machine's clock.
    """
    urn = current_urn()
    stack = own_stack(urn.stack)
    if run_of(stack.marks, urn.slug, made, ALLOWANCE) or stack.is_pending_of_earlier_run(urn.name):
        return True
    return run_of(stack.failed_runs, urn.slug, made - (ahead or timedelta()), ALLOWANCE) is not None
