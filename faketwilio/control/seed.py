"""Records made at once, one or millions, past every rule of the API: old ones, unfinished ones, very many."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import cycle, islice
from typing import Any

from faketwilio.control.fields import read_fields
from faketwilio.control.sample import make_samples, moment_of
from faketwilio.hosts.api.archives import CALLS, CONFERENCES, MEDIA, MESSAGES, NOTIFICATIONS, RECORDINGS, TRANSCRIPTIONS
from faketwilio.store.archive import Archive, Kind
from faketwilio.store.records import Account
from faketwilio.store.store import Store

ANSWERED = 1000  # SIDs in an answer
LARGEST = 10_000_000  # records in an order
ARCHIVES: dict[str, Kind[Any]] = {
    "message": MESSAGES,
    "media": MEDIA,
    "call": CALLS,
    "recording": RECORDINGS,
    "transcription": TRANSCRIPTIONS,
    "conference": CONFERENCES,
    "notification": NOTIFICATIONS,
}
FIELDS = frozenset({"kind", "account", "count", "start", "end", "fields"})


def seed(store: Store, order: dict[str, Any]) -> dict[str, Any]:
    """Make `count` records of a kind in one account, several, or "all" subaccounts; answers at most 1000 of their SIDs.

    With `start` and `end` they are spread evenly over that time, else all are made now. A list among the `fields` gives
    the records its values in turn. Raises ValueError for what can't be, LookupError for what is not there.
    """
    kind, count, values = order.get("kind"), order.get("count", 1), order.get("fields", {})
    if unknown := set(order) - FIELDS:
        raise ValueError(f"no {', '.join(sorted(unknown))} in a seed; there are {', '.join(sorted(FIELDS))}")
    if type(count) is not int or not 0 < count <= LARGEST:
        raise ValueError(f"count of a seed is a whole number from 1 to {LARGEST}, not {count!r}")
    if not isinstance(values, dict):
        raise ValueError(f"fields of a seed are an object, not {values!r}")  # noqa: TRY004 - one kind of refusal
    if kind == "subaccount":
        return {"made": count, "sids": list(islice(_make_subaccounts(store, count, values), ANSWERED))}
    if not isinstance(kind, str) or kind not in ARCHIVES:
        raise ValueError(f"no kind {kind!r} to seed; there are subaccount, {', '.join(ARCHIVES)}")
    accounts = _find_accounts(store, order.get("account"))
    archive: Archive[Any] = store.archive(ARCHIVES[kind])
    records = _make_records(store, archive, accounts, count, order)
    return {"made": count * len(accounts), "sids": list(islice(records, ANSWERED))}


def _make_records(
    store: Store, archive: Archive[Any], accounts: Sequence[str], count: int, order: dict[str, Any]
) -> Iterator[str]:
    start, end, values = order.get("start"), order.get("end"), order.get("fields", {})
    found = make_samples(archive.kind, values, store.clock.now())
    if start is None and end is None:
        mixed = islice(cycle(found), count)
        added = [archive.add(replace(record, account_sid=sid)).sid for record in mixed for sid in accounts]
        return iter(added)
    if archive.kind.dates & set(values):
        raise ValueError("a seed has either start and end, or dates among its fields")
    return archive.fill(found, accounts, count, *_read_period(start, end))


def _read_period(start: object, end: object) -> tuple[datetime, datetime]:
    if not isinstance(start, str) or not isinstance(end, str):
        raise ValueError("start and end of a seed are both given, as dates such as 2026-01-31 or 2026-01-31T12:00:00Z")  # noqa: TRY004
    first, last = moment_of(start), moment_of(end)
    if last < first:
        raise ValueError("a seed ends before it starts")
    return first, last


def _find_accounts(store: Store, named: Any) -> list[str]:
    """The SIDs of the accounts that are meant: all is every subaccount that is not closed."""
    if named == "all":
        accounts = [
            account
            for account in store.accounts_of(store.parent_sid)
            if account.status != "closed" and not account.is_parent
        ]
        sids = [account.sid for account in reversed(accounts)]
        if not sids:
            raise LookupError("no open subaccount to seed; make one first: the kind subaccount of a seed does")
    else:
        sids = named if isinstance(named, list) else [named]
    if not sids or any(not isinstance(sid, str) or store.account(sid) is None for sid in sids):
        raise LookupError(f"no account {named!r} to seed; name one, a list of them, or all")
    return sids


def _make_subaccounts(store: Store, count: int, values: dict[str, Any]) -> Iterator[str]:
    """Subaccounts; `{number}` in a name becomes the account's number among those made now."""
    settable = {"friendly_name", "status"}
    if set(values) - settable or not all(isinstance(value, str) for value in values.values()):
        raise ValueError(f"a seeded subaccount has texts for {', '.join(sorted(settable))}")
    checked = read_fields(Account, values)
    name, status = checked.get("friendly_name", "Seeded {number}"), checked.get("status", "active")
    now = store.clock.now()
    numbers = [
        Account(
            sid=store.sids.sid("AC"),
            owner_sid=store.parent_sid,
            friendly_name=name.replace("{number}", str(number)),
            auth_token=store.sids.auth_token(),
            date_created=now,
            date_updated=now,
            type=store.parent.type,
            status=status,
            closed_at=now if status == "closed" else None,
        )
        for number in range(count)
    ]
    return iter([store.accounts.put(account).sid for account in numbers])
