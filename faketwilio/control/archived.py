"""Acts of the Console on the kinds of which there are millions."""

from dataclasses import replace
from typing import Any

from faketwilio.control.sample import read_fields
from faketwilio.control.state import record_json
from faketwilio.store.archive import Archive
from faketwilio.store.store import Store


def set_archived(store: Store, archive: Archive[Any], sid: str, values: dict[str, Any]) -> dict[str, Any]:
    """Change fields; raises ValueError for the dates by which it is listed, since a record keeps its place."""
    record = archive.get(sid)
    if record is None:
        raise LookupError(f"nothing has the SID {sid!r}")
    changes = read_fields(archive.kind, values)
    if fixed := set(archive.kind.moments) & set(changes):
        raise ValueError(f"{', '.join(sorted(fixed))} decides where a record is listed: seed one with it")
    changed = replace(record, **({"date_updated": store.clock.now()} | changes))
    if archive.kind.prefix(vars(changed)) != sid[:2]:
        raise ValueError(f"{sid} can't become another kind of record: seed one")
    return record_json(archive.put(changed))


def delete_archived(archive: Archive[Any], sid: str) -> dict[str, Any]:
    """Remove a record as if it had never been."""
    if archive.get(sid) is None:
        raise LookupError(f"nothing has the SID {sid!r}")
    archive.remove(sid)
    return {"deleted": sid}
