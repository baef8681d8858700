"""A table of records, found by SID and by account without looking at any other account's."""

from typing import Generic, TypeVar

from tenantry.fake.records import Owned

R = TypeVar("R", bound=Owned)


class Table(Generic[R]):
    """Records of one kind, in the order in which they were made."""

    def __init__(self) -> None:
        self._by_sid: dict[str, R] = {}
        self._by_account: dict[str, dict[str, None]] = {}

    def put(self, record: R) -> R:
        """Store a new record, or the next state of one that is there (which keeps its place)."""
        self._by_sid[record.sid] = record
        self._by_account.setdefault(record.account_sid, {})[record.sid] = None
        return record

    def get(self, sid: str) -> R | None:
        return self._by_sid.get(sid)

    def remove(self, sid: str) -> None:
        record = self._by_sid.pop(sid)
        del self._by_account[record.account_sid][sid]

    def of(self, account_sid: str) -> list[R]:
        """The account's records, newest first."""
        return [self._by_sid[sid] for sid in reversed(self._by_account.get(account_sid, {}))]

    def count(self, account_sid: str) -> int:
        return len(self._by_account.get(account_sid, ()))

    def all(self) -> list[R]:
        return list(self._by_sid.values())
