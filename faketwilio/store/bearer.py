"""Access tokens of OAuth apps, and until when each is good."""

from dataclasses import dataclass, field
from datetime import datetime

from faketwilio.store.store import Store


@dataclass
class BearerTokens:
    """Tokens by their text."""

    until: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def begin(cls, _: Store) -> "BearerTokens":
        return cls()

    def is_good(self, token: str, now: datetime) -> bool:
        until = self.until.get(token)
        return until is not None and now < until
