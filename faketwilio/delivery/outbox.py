"""All deliveries of one store, in the order in which they were made."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from faketwilio.delivery.records import Delivery
from faketwilio.store.store import Store


@dataclass
class Disorder:
    """On order: the share of events that come twice, and whether they come out of order."""

    duplicates: float = 0.0
    shuffled: bool = False
    seed: int | None = None
    chance: random.Random = field(init=False, repr=False)

    @classmethod
    def begin(cls, store: Store) -> "Disorder":
        """None, until somebody orders it."""
        return cls(seed=store.seed)

    def __post_init__(self) -> None:
        self.order(self.duplicates, self.shuffled, self.seed)

    def order(self, duplicates: float, shuffled: bool, seed: int | None) -> None:
        """Begin anew with other chances."""
        self.duplicates, self.shuffled, self.seed = duplicates, shuffled, seed
        self.chance = random.Random(seed)  # noqa: S311 - repeatable, not secret


class Outbox:
    """What is kept of each delivery, and which of them still wait."""

    @classmethod
    def begin(cls, _: Store) -> "Outbox":
        return cls()

    def __init__(self) -> None:
        self._all: dict[str, Delivery] = {}
        self._waiting: dict[str, None] = {}
        self._taken: set[str] = set()

    def add(self, delivery: Delivery) -> None:
        """Keep a delivery, or what became of it."""
        self._all[delivery.sid] = delivery
        self._taken.discard(delivery.sid)
        if delivery.state == "waiting":
            self._waiting[delivery.sid] = None
        else:
            self._waiting.pop(delivery.sid, None)

    def add_event(self, delivery: Delivery) -> None:
        """Keep a delivery of one event; a batch that waits for its first attempt takes it along."""
        for open_batch in self._open_batches(delivery):
            self.add(replace(open_batch, events=(*open_batch.events, *delivery.events)))
            return
        self.add(delivery)

    def take(self, sid: str) -> Delivery:
        """A delivery as it is now, for an attempt: no event joins it any more."""
        self._taken.add(sid)
        return self._all[sid]

    def due(self, now: datetime) -> list[str]:
        """The SIDs of what is to be created now."""
        return [
            delivery.sid
            for delivery in self._list_pending()
            if delivery.next_attempt is not None and delivery.next_attempt <= now
        ]

    def next_attempt(self) -> datetime | None:
        return min(
            (delivery.next_attempt for delivery in self._list_pending() if delivery.next_attempt is not None),
            default=None,
        )

    def all(self) -> list[Delivery]:
        return list(self._all.values())

    def _list_pending(self) -> Iterable[Delivery]:
        return (self._all[sid] for sid in self._waiting)

    def _open_batches(self, delivery: Delivery) -> Iterable[Delivery]:
        if not delivery.is_batch:
            return ()
        return (
            delivery
            for delivery in self._list_pending()
            if delivery.about == delivery.about
            and delivery.is_batch
            and not delivery.attempts
            and delivery.sid not in self._taken
        )
