"""A second account of a tenant: made by a run that was killed, after the next one had looked for it.

What is on its way when a run is killed, Twilio may do later. The next run looks before it makes an account, and may
look too early; so it looks once more when it has ended.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from tenantry.engine.state.deployment import StateResource
from tenantry.engine.state.unfinished import ALLOWANCE, Mark, Marks
from tenantry.model.kinds import KindName
from tenantry.model.subaccount import slug_mark
from tenantry.twilio.account_directory import LiveAccount

KIND: Final[KindName] = "subaccount"
SECOND: Final = (
    "{slug}: Twilio has a second account of its name, {sid} ({status}), made by a run that was killed: that of {run} "
    "UTC. The stack holds {held}. Nothing of ours uses the second one: close it in the Console. `tenantry drift` names "
    "it until then."
)


def find_second_accounts(
    live: Sequence[LiveAccount], state: Sequence[StateResource], marks: Marks, slugs: Collection[str]
) -> Iterator[str]:
    """Yield a sentence for each account that bears the name of a tenant whose account the state holds, and is not it.

    Only those that were made since a run began that did not end well. `marks` are those before the run that has ended.
    """
    held = {resource.name: resource.sid for resource in state if resource.kind == KIND and resource.sid is not None}
    for slug in sorted(held.keys() & set(slugs)):
        for account in live:
            mark = _mark_of(account, slug, marks)
            if mark and account.sid not in held.values() and account.status != "closed":
                run = f"{mark.since:%Y-%m-%d %H:%M}"
                yield SECOND.format(slug=slug, sid=account.sid, status=account.status, run=run, held=held[slug])


def _mark_of(account: LiveAccount, slug: str, marks: Marks) -> Mark | None:
    """Return the run that may have made an account; however late Twilio did it, it was not before that run."""
    created = account.created
    if created is None or not account.friendly_name.endswith(slug_mark(slug)):
        return None
    return next((mark for mark in marks if mark.concerns(slug) and mark.since - ALLOWANCE <= created), None)
