"""The page for whoever does the billing: its commands run in order, and print what stands below them.

Accounts are found by name, for there is no engine, so `--without-state` is added. What differs from run to run is
written as the page has it: SIDs, commits, the ledger's path and head, the day of today.
"""

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from billing_world import BillingWorld
from docs_text import ROOT

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import make_ledger
from tenantry.operations.billing.rating.values.problems import ProblemCode

PAGE = ROOT / "docs" / "from-usage-to-invoice.md"
TEXT = PAGE.read_text(encoding="utf-8")
STEP = re.compile(
    r"<!-- file (?P<file>\S+) -->\n```yaml\n(?P<yaml>.*?)```"
    r"|<!-- play: (?P<play>.*?) -->|```console\n(?P<console>.*?)```",
    re.DOTALL,
)
READS_STATE = ("bill --", "usage", "suspend", "resume")
SMS, RCS = ("sms", "0.0079"), ("rcs-messages", "0.30")


def record(category, count):
    name, price = category
    cost = f"{count * Decimal(price):f}"
    return {"day": "2026-03-05", "category": name, "count": count, "usage": count, "price": cost}


class Play:
    """The page, played in a world of its own."""

    def __init__(self, world: BillingWorld) -> None:
        self.world = world
        self.files: dict[str, str | None] = {}
        self.now = datetime(2026, 4, 4, 6, 23, tzinfo=UTC)

    def happen(self, event: str) -> None:
        """Let happen what a comment of the page says."""
        match event:
            case "March is over":
                self.commit("2026-03-01T00:00:00Z")
                for slug in ("acme", "birch"):
                    self.world.make_account(slug)
                self.use(acme=150)
                self.world.use("birch", [record(SMS, 420)])
            case "the amendment is merged":
                self.commit("2026-04-04")
            case "April is over, and 10 messages of March were counted late":
                self.now = datetime(2026, 5, 7, 6, 23, tzinfo=UTC)
                self.use(acme=160)
            case _:
                pytest.fail(f"the page lets happen what no test knows: {event}")
        self.world.set_clock(self.now)

    def use(self, acme: int) -> None:
        self.world.use("acme", [record(SMS, acme), record(RCS, 4)])

    def commit(self, at: str) -> None:
        self.world.repository.commit(at, self.files)

    def run(self, line: str) -> list[str]:
        """Run a line of a console and return what it prints, as the page has it."""
        words = shlex.split(line.removeprefix("$ tenantry "))
        more = ["--without-state"] if line.removeprefix("$ tenantry ").startswith(READS_STATE) else []
        done = self.world.run(*words, *more)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return [self.stable(row) for row in done.output.splitlines() if not row.startswith("Twilio: ")]

    def stable(self, line: str) -> str:
        today = datetime.now(UTC).date()
        line = re.sub(r"\bAC[0-9a-f]{32}\b", "AC…", line)
        line = re.sub(r"terms of [0-9a-f]{12}", "terms of 5276a1f0f764", line)
        line = re.sub(r"\b\d+:[0-9a-f]{16}\b", "12:0123456789abcdef", line)
        line = line.replace(str(self.world.address.path.parent), "/var/lib/tenantry")
        for days in (0, 14):
            shown = (self.now + timedelta(days=days)).date()
            line = line.replace((today + timedelta(days=days)).isoformat(), shown.isoformat())
        return re.sub(r"since \S+ \S+ UTC", f"since {self.now:%Y-%m-%d %H:%M} UTC", line).rstrip()


def play_page(text: str, play: Play) -> str:
    """Return the page with what its commands print."""

    def fill(found: re.Match[str]) -> str:
        if found["file"]:
            play.files[found["file"]] = found["yaml"]
        elif found["play"]:
            play.happen(found["play"])
        elif found["console"]:
            return "```console\n" + "\n".join(console(found["console"], play)) + "\n```"
        return found[0]

    return STEP.sub(fill, text)


def console(block: str, play: Play) -> Iterator[str]:
    for line in block.splitlines():
        if line.startswith("$ "):
            yield line
            yield from play.run(line)


@pytest.fixture
def play(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make_ledger(address := SqliteAddress(tmp_path / "ledger.db"))
    world = BillingWorld(tmp_path, address)
    with world.fake:
        yield Play(world)


def test_every_command_prints_what_the_page_shows(play):
    assert play_page(TEXT, play).splitlines() == TEXT.splitlines()


def test_every_refusal_is_in_the_table():
    codes = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)
    assert sorted(codes) == sorted(get_args(ProblemCode))
