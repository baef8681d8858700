"""Deletes that are held back: the replacement of an object was not made, so the object may not be deleted in this run.

Such a delete fails, and so the resource stays in the state and the next run deletes it: a success would forget it.
"""

from tenantry.engine.run.failed_calls import failed_calls
from tenantry.engine.run.request import current_urn
from tenantry.providers.connection import Connection
from tenantry.providers.stack import own_stack
from tenantry.text.some import and_more

NEXT = "Nothing was deleted. The first run in which nothing fails for {slug} deletes it"
WAITS = "Nothing was deleted. The first run after {slug} is active makes that one, and then deletes this one"


def reason_to_keep(connection: Connection) -> tuple[str, str] | None:
    """Return why the object of this call may not be deleted in this run, and what comes next; None if it may.

    Raises Refused where the state can't be read.
    """
    urn = current_urn()
    if failed := failed_calls.of(urn.slug):
        rest = and_more(len(failed) - 1, f"of {urn.slug}")
        return f"held back, because {failed[0]}{rest} failed in this run", NEXT.format(slug=urn.slug)
    if (waiting := _find_waiting_successor(connection, urn.name)) is not None:
        return f"held back, because {waiting} waits for its tenant to be active", WAITS.format(slug=urn.slug)
    return None


def _find_waiting_successor(connection: Connection, name: str) -> str | None:
    """Return the waiting successor of a resource: the new half of its replacement, or a newer generation."""
    if connection.creates.waits(name):
        return name
    stack = own_stack(current_urn().stack)
    waiting = connection.creates.still_waiting(stack.holdings.waiting)
    newer = sorted(other for other in waiting if _is_newer_generation(other, name))
    return next((other for other in newer if stack.wanted is None or other in stack.wanted), None)


def _is_newer_generation(other: str, name: str) -> bool:
    """Return whether two resources are generations of one key, and the first is the newer."""
    (key, _, generation), (same, _, than) = other.rpartition("-"), name.rpartition("-")
    is_key = "/api_key/" in name and generation.isdecimal() and than.isdecimal()
    return is_key and key == same and int(generation) > int(than)
