"""What a fake Twilio holds, less what no two runs have in common: for the question whether two ended the same."""

from typing import Any

from faketwilio.control.kinds import CHILDREN as KINDS
from faketwilio.control.state import render_state
from faketwilio.store.store import Store

VOLATILE = frozenset({"sid", "account_sid", "owner_sid", "date_created", "date_updated", "date_fired", "closed_at"})
CHILDREN = tuple(kind.plural for kind in KINDS.values())
Record = dict[str, Any]
Picture = dict[str, Any]


def picture(store: Store) -> Picture:
    """Return all accounts that are not closed, with all that is in them, by name; SIDs and times aside."""
    accounts = [account for account in render_state(store)["accounts"].values() if account["status"] != "closed"]
    named = {account["friendly_name"]: _account(account) for account in accounts}
    assert len(named) == len(accounts), sorted(account["friendly_name"] for account in accounts)
    return named


def differences(found: Picture, wanted: Picture) -> list[str]:
    """Return what one picture has and the other has not, account by account, in words."""
    return [
        f"{name}: {kind}: {_of(found, name, kind)} instead of {_of(wanted, name, kind)}"
        for name in sorted(found.keys() | wanted.keys())
        for kind in ("account", *CHILDREN)
        if _of(found, name, kind) != _of(wanted, name, kind)
    ]


def _of(pictured: Picture, name: str, kind: str) -> Any:
    return pictured.get(name, {}).get(kind)


def _account(account: Record) -> Record:
    destinations = {sink["sid"]: sink["sink_configuration"]["destination"] for sink in account["event_sinks"]}
    lists = {kind: sorted(str(_normalize(child, destinations)) for child in account[kind]) for kind in CHILDREN}
    own = {field: value for field, value in account.items() if field not in {*VOLATILE, *CHILDREN}}
    return {"account": own, **lists}


def _normalize(child: Record, destinations: dict[str, str]) -> Record:
    kept = {field: value for field, value in child.items() if field not in VOLATILE}
    if "sink_sid" in kept:
        kept["sink_sid"] = destinations[kept["sink_sid"]]
    return kept
