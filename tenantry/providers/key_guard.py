"""Generations of keys that may not go yet, and keys that may not change their type, in plain `pulumi up` too.

A provider reaches no sink and knows no other key's secret. So it asks what Twilio alone can tell: that the account is
active, that the successor exists, and that it is as old as the overlap. `tenantry up` proves the rest before.
"""

import os
from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CheckFailure

from tenantry.engine.run.kept_keys import RETIRE_VARIABLE, waived_in
from tenantry.engine.run.request import current_urn
from tenantry.model.api_key import ApiKeyEntry, key_name
from tenantry.model.rotation import is_guarded, keeps_type, overlap_of
from tenantry.model.tenant import ENDED_STATES
from tenantry.providers.connection import Connection
from tenantry.providers.stack import OwnStack, own_stack
from tenantry.twilio.errors import NotFound

INACTIVE = "the account is {}, and nothing is retired in it until it is active"
NOT_MADE = "its successor {} was not made before this run"
NEWEST = "no later generation follows it, and sinks or applications may have it"
GONE = "its successor {} ({}) is not at Twilio any more"
YOUNG = "its successor {} is {} old, and {} are the overlap of both"
NEXT = (
    "Nothing was deleted. Name the generation in the manifest again until then; `tenantry rotate` takes it out when "
    f"its successor is delivered and proven. A person who knows better sets {RETIRE_VARIABLE}={{}}"
)
TYPE = (
    "Twilio can't turn a standard key into a restricted one, or back, and {} is delivered to {}: whoever uses it would "
    "be refused at once. Nothing was changed. Add a generation, which is made with the new access while this one goes "
    "on: `generations: [{}]`"
)


def reason_to_keep_key(connection: Connection, account_sid: str) -> tuple[str, str] | None:
    """Return why the key of this call may not be deleted, and what comes next; None if it may. Raises Refused."""
    urn = current_urn()
    stack, (slug, key, generation) = own_stack(urn.stack), _parse(urn.name)
    entry = _entry(stack, slug, key)
    if entry is None or not is_guarded(entry) or generation in entry.generations:
        return None
    if f"{slug}/{key}" in waived_in(os.environ.get(RETIRE_VARIABLE, "")):
        return None
    reason = _find_reason(connection, account_sid, (slug, key, generation), entry)
    return (f"held back, because {reason}", NEXT.format(f"{slug}/{key}")) if reason else None


def _find_reason(
    connection: Connection, account_sid: str, going: tuple[str, str, int], entry: ApiKeyEntry
) -> str | None:
    slug, key, generation = going
    account = connection.session.accounts.get(account_sid)
    if account is None:
        return None
    if account.status != "active":
        return INACTIVE.format(account.status)
    newest = max(entry.generations)
    if generation > newest:
        return NEWEST
    called = key_name(key, newest)
    sid = own_stack(current_urn().stack).holdings.sid_of(f"{slug}/api_key/{key}-{newest}")
    if sid is None:
        return NOT_MADE.format(called)
    try:
        made_at = connection.session.api_keys.fetch(account_sid, sid).created
    except NotFound:
        return GONE.format(called, sid)
    age = connection.session.twilio_now() - made_at if made_at else None
    if age is None or age < overlap_of(entry):
        days = f"{max(age.days, 0)} days" if age is not None else "of unknown age, not days"
        return YOUNG.format(called, days, f"{overlap_of(entry).days} days")
    return None


def hold_type(olds: Mapping[str, Any], news: dict[str, Any]) -> tuple[dict[str, Any], list[CheckFailure]]:
    """Return inputs in which a delivered key keeps its type: of the newest generation that is an error."""
    if not olds or ("policy" in olds) == ("policy" in news):
        return news, []
    urn = current_urn()
    slug, key, generation = _parse(urn.name)
    entry = _entry(own_stack(urn.stack), slug, key)
    if entry is None or not entry.deliver_to or generation not in entry.generations:
        return news, []
    if keeps_type(entry, generation):
        kept = {name: value for name, value in news.items() if name != "policy"}
        return kept | ({"policy": olds["policy"]} if "policy" in olds else {}), []
    wanted = ", ".join(map(str, (*sorted(entry.generations), generation + 1)))
    sentence = TYPE.format(key_name(key, generation), ", ".join(entry.deliver_to), wanted)
    return news, [CheckFailure("policy", sentence)]


def _parse(name: str) -> tuple[str, str, int]:
    """Return the slug, the key and the generation of a resource, `acme/api_key/web-1`."""
    slug, _, rest = name.partition("/api_key/")
    key, _, generation = rest.rpartition("-")
    return slug, key, int(generation) if generation.isdecimal() else 0


def _entry(stack: OwnStack, slug: str, key: str) -> ApiKeyEntry | None:
    """Return the entry of a key that its tenant goes on to have; None where the manifests can't be read."""
    tenant = (stack.tenants or {}).get(slug)
    return tenant.api_keys.get(key) if tenant is not None and tenant.state not in ENDED_STATES else None
