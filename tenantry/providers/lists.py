"""Lists that reads share: one list call per account and kind in a run, however many threads ask."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from tenantry.twilio.live import Live

Key = tuple[str, str]
Listed = Mapping[str, Live[Any]]


class Lists:
    """Objects by SID, for each kind and account."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listed: dict[Key, Future[Listed]] = {}

    def get(self, kind: str, account_sid: str, load: Callable[[], tuple[Live[Any], ...]]) -> Listed:
        """Return the objects of an account; the first thread that asks loads them, the others wait for it."""
        key = (kind, account_sid)
        with self._lock:
            future = self._listed.get(key)
            first = future is None
            if future is None:
                future = self._listed[key] = Future()
        if first:
            self._load(key, future, load)
        return future.result()

    def drop(self, kind: str, account_sid: str) -> None:
        """Forget a list, because a write has made it old."""
        with self._lock:
            self._listed.pop((kind, account_sid), None)

    def _load(self, key: Key, future: Future[Listed], load: Callable[[], tuple[Live[Any], ...]]) -> None:
        try:
            future.set_result({live.sid: live for live in load()})
        except BaseException as error:  # noqa: BLE001 -- handed to every thread that waits, then raised by each
            self.drop(*key)
            future.set_exception(error)
