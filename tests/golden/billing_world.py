"""A vendor with a git history, a fake Twilio and a ledger, in which `tenantry bill` runs as a person runs it."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from dated_repository import DatedRepository
from golden_cases import GoldenCase

from faketwilio.control.console import act
from faketwilio.control.settings import switch
from faketwilio.control.usage import set_records
from faketwilio.server import FakeTwilio
from faketwilio.store.clock import Clock
from faketwilio.store.store import Store
from tenantry.cli import main
from tenantry.ledger.address import Address, SqliteAddress
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.suspensions import NewSuspension, add_suspension, lift_suspension
from tenantry.ledger.values import StackRef

MADE = datetime(2026, 1, 2, 8, tzinfo=UTC)
COUNTED = datetime(2026, 5, 20, 8, tzinfo=UTC)
STATEMENTS = '{number: "OWL-{year}-{sequence:06}", ignore_corrections_below: 0.05}'


class BillingWorld:
    """Commands run with its project, its fake and its ledger; each has an account that is older than the history."""

    def __init__(self, folder: Path, address: Address) -> None:
        self.address = address
        self.repository = DatedRepository(folder / "owl")
        self._instant = MADE
        self.fake = FakeTwilio(Store(clock=Clock(self._now)))
        self.sids: dict[str, str] = {}
        make_ledger(address)
        where = str(address) if isinstance(address, SqliteAddress) else "postgresql:"
        project = f"format: 1\nstatements: {STATEMENTS}\nledger: {json.dumps(where)}\n"
        self.repository.commit("2026-01-01", {"tenantry.yaml": project})

    def _now(self) -> float:
        return self._instant.timestamp()

    def make_account(self, slug: str, at: datetime = MADE) -> str:
        """Make a tenant's account, as if long ago, and return its SID."""
        self._instant = at
        fields = {"friendly_name": f"{slug} ({slug})"}
        order = {"create": "subaccount", "account": self.fake.account_sid, "fields": fields}
        self.sids[slug] = act(self.fake.store, order)["sid"]
        self._instant = max(at, COUNTED)
        return self.sids[slug]

    def set_clock(self, instant: datetime) -> None:
        """Let it be another time at Twilio."""
        self._instant = instant

    def use(self, slug: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Let a tenant's days hold exactly these records."""
        rows = [
            {**row, "count": int(row["count"]), "usage": str(row["usage"]), "price": str(row["price"])}
            for row in records
        ]
        set_records(self.fake.store, {"account": self.sids[slug], "records": rows})

    def lose_usage(self, slug: str) -> None:
        """Let Twilio answer 404 for a tenant's usage."""
        switch(self.fake.store, {"accounts_without_usage": [self.sids[slug]]})

    def suspend(self, slug: str, reason: Any, since: datetime, until: datetime) -> None:
        """Record a suspension and its end, as they happened."""
        stack = StackRef(self.fake.account_sid)
        with open_ledger(self.address, clock=lambda: since) as ledger:
            add_suspension(ledger, NewSuspension(stack, slug, self.sids[slug], reason, "test", "ana"))
        with open_ledger(self.address, clock=lambda: until) as ledger:
            lift_suspension(ledger, stack.parent, slug, reason, by="ana")

    @property
    def environ(self) -> dict[str, str | None]:
        """The variables that a command needs; None is not set."""
        return {
            "TWILIO_ACCOUNT_SID": self.fake.account_sid,
            "TWILIO_AUTH_TOKEN": self.fake.auth_token,
            "TENANTRY_TWILIO_URL": self.fake.url,
            "TENANTRY_LEDGER_URL": getattr(self.address, "url", None),
            "PULUMI_STACK": None,
            "GIT_CONFIG_GLOBAL": os.devnull,
        }

    def run(self, *arguments: str) -> Result:
        """Run a command of tenantry in the project."""
        return CliRunner().invoke(main, [*arguments, "-C", str(self.repository.root)], env=self.environ)

    def bill(self, *arguments: str, month: str = "2026-03") -> Result:
        """Run `tenantry bill` for a month; accounts are found by name."""
        return self.run("bill", "--month", month, "--without-state", *arguments)

    def close(self, month: str = "2026-03") -> list[dict[str, Any]]:
        """Close a month and return the customers' documents."""
        done = self.bill("--close", "--for", "customer", "--format", "json", month=month)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


def play(case: GoldenCase, world: BillingWorld) -> None:
    """Make the world as a golden case describes it, with terms from the month's first instant on.

    Months are closed in order, and this is to be the first one that is billed.
    """
    for at, files in case.commits():
        world.repository.commit(max(at, f"{case.period.first}T00:00:00Z"), files)
    for slug, records in case.data["usage"].items():
        world.make_account(slug)
        if records is None:
            world.lose_usage(slug)
        else:
            world.use(slug, records)
    for slug, rows in case.data.get("suspensions", {}).items():
        for row in rows:
            instants = (datetime.fromisoformat(row["since"]), datetime.fromisoformat(row["until"]))
            world.suspend(slug, row["reason"], *instants)
    for slug, rows in case.data.get("purchases", {}).items():
        for row in rows:
            expires = ("--expires", row["expires"]) if "expires" in row else ()
            asked = (
                "credits",
                "add",
                slug,
                row["charge"],
                row["pack"],
                "--on",
                row["on"],
                *expires,
                "--ref",
                row["ref"],
            )
            assert world.run(*asked).exit_code == 0


NewAddress = Callable[[str], Address]
