"""A hint where a stack's accounts are those of a fake that may have forgotten them."""

from collections.abc import Iterable, Mapping

from tenantry.engine.state.deployment import StateResource
from tenantry.text.plain import plain
from tenantry.twilio.http.shown_address import address_from, of_a_fake


def hint_of_a_fake(state: Iterable[StateResource] | None, environ: Mapping[str, str]) -> str:
    """Return what to do, on a line of its own, where the last run of a stack went to a fake; empty where it did not."""
    fleet = next((resource for resource in state or () if resource.kind == "fleet"), None)
    address = fleet.inputs.get("address") if fleet else None
    if not fleet or not address:
        return ""
    now = address_from(environ) or "Twilio itself"
    asked = "" if now == address else f" Now {now} was asked."
    return f"\n{plain(of_a_fake(str(fleet.outputs.get('account_sid')), address))}.{asked}"
