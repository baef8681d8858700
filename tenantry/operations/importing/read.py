"""Reading a fleet: a list a kind for each account, and what the lists leave out. Nothing is changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tenantry.model.kinds import OBJECTS, KindName
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import NotFound, TwilioError
from tenantry.twilio.http.limit import THREADS
from tenantry.twilio.live import Live
from tenantry.twilio.session import Session


@dataclass(frozen=True)
class SeenAccount:
    """An account, and what is in it."""

    account: LiveAccount
    objects: Mapping[KindName, tuple[Live[Any], ...]] = field(default_factory=dict)
    """By kind, whole; a kind that could not be read is not in it."""
    unreadable: Mapping[KindName, str] = field(default_factory=dict)
    """Why a kind could not be read."""


def read_accounts(
    session: Session, accounts: Sequence[LiveAccount], on_account: Callable[[int], None]
) -> tuple[SeenAccount, ...]:
    """Return what is in accounts, in their order, many at a time; `on_account` gets the number that is read."""
    seen: list[SeenAccount] = []
    pool = ThreadPoolExecutor(THREADS)
    try:
        for account in pool.map(lambda account: _read_account(session, account), accounts):
            seen.append(account)
            on_account(len(seen))
    finally:
        pool.shutdown(cancel_futures=True)
    return tuple(seen)


def _read_account(session: Session, account: LiveAccount) -> SeenAccount:
    objects: dict[KindName, tuple[Live[Any], ...]] = {}
    unreadable: dict[KindName, str] = {}
    if account.status != "active":
        return SeenAccount(account)
    for kind in OBJECTS:
        with _keeping_reason(kind, unreadable):
            objects[kind] = tuple(_complete(session, kind, account.sid))
    return SeenAccount(account, objects, unreadable)


def _complete(session: Session, kind: KindName, account_sid: str) -> Iterator[Live[Any]]:
    gateway = session.gateway(kind)
    for listed in gateway.list(account_sid):
        try:
            yield gateway.complete(account_sid, listed)
        except NotFound:
            continue  # somebody has deleted it since the list was made


@contextmanager
def _keeping_reason(kind: KindName, unreadable: dict[KindName, str]) -> Iterator[None]:
    try:
        yield
    except TwilioError as error:
        unreadable[kind] = str(error)
