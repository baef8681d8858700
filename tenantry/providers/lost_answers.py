"""Keys whose answer was lost: what proves that nobody ever received the secret of an existing key.

Only such a key may be deleted. That a key is young proves nothing by itself: after a state was lost, or
restored from a backup, the youngest key may be the one that an application uses.
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
"""An older key never counts as one whose answer was lost, whatever the other evidence."""


def is_lost_answer(connection: Connection, spec: ApiKeySpec, live: Live[ApiKeySpec]) -> bool:
    """Return whether a key with an entry's name was made by a create whose answer was lost; raises Refused.

    Either this process sent that create, or a run of this stack that did not end well. In an account that was adopted,
    or found again after a lost state, the second does not count: its keys are in use.
    """
    created = live.created
    if created is None or not is_young(connection, created):
        return False
    if connection.creates.may_have_made(account_of(spec), spec.friendly_name, live.sid, created):
        return True
    return not connection.has_adopted(account_of(spec)) and _is_of_unfinished_run(
        created, connection.session.clock_ahead()
    )


def is_young(connection: Connection, created: datetime) -> bool:
    """Return whether a key is young enough, by Twilio's clock, to be one whose answer was lost."""
    return connection.session.twilio_now() - created < YOUNG


def _is_of_unfinished_run(created: datetime, ahead: timedelta | None) -> bool:
    """Return whether a run that did not end well may have made a key; `ahead` is how far Twilio's clock is of ours.

    `tenantry up` marks the stack for that. Plain Pulumi leaves the create pending in the state, or a failed run in its
    history, by this machine's clock.
    """
    urn = current_urn()
    stack = own_stack(urn.stack)
    if run_of(stack.marks, urn.slug, created, ALLOWANCE) or stack.is_pending_of_earlier_run(urn.name):
        return True
    return run_of(stack.failed_runs, urn.slug, created - (ahead or timedelta()), ALLOWANCE) is not None
