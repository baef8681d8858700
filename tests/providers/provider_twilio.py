"""The fake Twilio from behind: what people do in the Console, what goes wrong, what was asked and what is there."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import requests

from faketwilio.control.kinds import CHILDREN
from faketwilio.server import FakeTwilio

Record = dict[str, Any]
SESSION = requests.Session()
"""One for all tests: each new one looks for proxies and opens a connection."""
SESSION.trust_env = False


@dataclass(frozen=True)
class Asked:
    """One request that the fake got."""

    method: str
    host: str
    path: str
    status: int | None
    account: str | None


class Twilio:
    """The control plane of a fake."""

    def __init__(self, fake: FakeTwilio) -> None:
        self.parent = fake.account_sid
        self.token = fake.auth_token
        self.url = fake.url
        self._store = fake.store

    def reset(self) -> None:
        """Forget everything but the parent and the time."""
        self._settle()
        self._ask("reset", {})

    def console(self, sid: str, /, **fields: Any) -> Record:
        """Change an object past every rule of the API."""
        return self._ask("console", {"set": sid, "fields": fields})

    def vanish(self, sid: str) -> None:
        """Delete an object past every rule of the API."""
        self._ask("console", {"delete": sid})

    def put(self, kind: str, account: str, /, **fields: Any) -> str:
        """Make an object as in the Console; return its SID."""
        return str(self._ask("console", {"create": kind, "account": account, "fields": fields})["sid"])

    def buy_number(self, account: str) -> None:
        """Buy a phone number, as an application does."""
        url = f"{self.url}/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json"
        headers, credentials = {"Host": "api.twilio.com"}, (self.parent, self.token)
        answer = requests.post(url, {"PhoneNumber": "+15005550006"}, headers=headers, auth=credentials, timeout=10)
        assert answer.ok, answer.text

    def seed(self, kind: str, account: str) -> None:
        """Make a record of traffic."""
        self._ask("seed", {"kind": kind, "account": account})

    def use(self, account: str, **usage: Any) -> None:
        """Let an account use something."""
        self._ask("usage", {"account": account, **usage})

    def fail(self, mode: str, method: str | None = None, path: str = "", **more: Any) -> None:
        """Let the next requests that match fail."""
        named = {"method": method} if method else {}
        self._ask("faults", {"mode": mode, "path_contains": path, **named, **more})

    def switch(self, **switches: Any) -> None:
        """Let it behave in another of the ways that nobody knows."""
        self._ask("behaviour", switches)

    def later(self, **timedelta: float) -> None:
        """Move its clock."""
        seconds = timedelta.get("minutes", 0) * 60 + timedelta.get("days", 0) * 86_400
        self._ask("clock", {"advance_seconds": seconds})

    def slow(self, ms: float) -> None:
        """Let every request wait."""
        self._ask("latency", {"ms": ms})

    def accounts(self) -> list[Record]:
        """The subaccounts, whatever their status."""
        found = self._ask("state")["accounts"].values()
        return [account for account in found if account["sid"] != self.parent]

    def account(self, sid: str) -> Record:
        return self._ask("state")["accounts"][sid]

    def all(self, kind: str, account: str) -> list[Record]:
        """The objects of one kind in an account."""
        return self.account(account)[CHILDREN[kind].plural]

    def sids(self, kind: str, account: str) -> list[str]:
        return [record["sid"] for record in self.all(kind, account)]

    def one(self, kind: str, account: str) -> Record:
        """The only object of a kind in an account."""
        (record,) = self.all(kind, account)
        return record

    def list_requests(self, method: str | None = None, path: str = "") -> list[Asked]:
        """The requests since they were last forgotten, in order."""
        self._settle()
        log = [Asked(*line) for line in self._ask("requests")["log"]]
        return [asked for asked in log if method in (None, asked.method) and path in asked.path]

    def writes(self) -> list[str]:
        """The methods and paths of all requests that could change something."""
        return [f"{asked.method} {asked.path}" for asked in self.list_requests() if asked.method != "GET"]

    def counts(self) -> Counter[str]:
        """How often each method and host was asked."""
        return Counter(f"{asked.method} {asked.host}" for asked in self.list_requests())

    def forget(self) -> None:
        """Forget the requests up to now."""
        self._settle()
        self._ask("requests/reset", {})

    def _settle(self) -> None:
        """Wait for requests whose client has given up: the fake still has them in flight."""
        deadline = time.monotonic() + 10
        while self._store.request_log.as_json()["in_flight"]:
            assert time.monotonic() < deadline, "a request is in flight for more than 10 s"
            time.sleep(0.001)

    def _ask(self, path: str, order: Record | None = None) -> Any:
        url = f"{self.url}/_fake/{path}"
        answer = SESSION.get(url, timeout=10) if order is None else SESSION.post(url, json=order, timeout=10)
        assert answer.ok, answer.text
        return answer.json()
