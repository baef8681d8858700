"""What the fake Twilio bears: seeding, pages near and deep, and small requests per second of its own CPU.

`python benchmarks/fake.py --accounts 25000 --messages 80` seeds so many messages in each account. Linux only, since the
server's CPU and memory are read from /proc. Seconds differ between machines, ratios hardly do. Nothing here is a test.
"""

import argparse
import base64
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

ROOT = "/2010-04-01/Accounts"
TICKS = os.sysconf("SC_CLK_TCK")
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


class Fake:
    """A fake in a process of its own, spoken to over one connection as cheaply as can be."""

    def __init__(self, process: Popen[str], variables: dict[str, str]) -> None:
        self.account = variables["TWILIO_ACCOUNT_SID"]
        credentials = f"{self.account}:{variables['TWILIO_AUTH_TOKEN']}"
        self._authorization = base64.b64encode(credentials.encode()).decode()
        self._process = process
        host, _, port = variables["TENANTRY_TWILIO_URL"].removeprefix("http://").partition(":")
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = self._socket.makefile("rb")

    def __call__(self, method: str, path: str, body: str = "", kind: str = FORM) -> Any:
        """Send one request; returns its JSON, None for no body. A status of 400 and above ends the benchmark."""
        head = f"{method} {path} HTTP/1.1\r\nHost: api.twilio.com\r\nAuthorization: Basic {self._authorization}\r\n"
        length = f"{kind}Content-Length: {len(body)}\r\n" if body else ""
        self._socket.sendall(f"{head}{length}\r\n{body}".encode())
        status, size = self._stream.readline().split(b" ")[1], 0
        while (line := self._stream.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
        answer = self._stream.read(size)
        if status >= b"400":
            raise SystemExit(f"{method} {path} was answered {status.decode()}: {answer[:300].decode()}")
        return json.loads(answer) if answer else None

    def seed(self, **order: Any) -> Any:
        return self("POST", "/_fake/seed", json.dumps(order), "")

    def cpu(self) -> float:
        """Seconds of CPU that the server has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> int:
        """Megabytes that the server holds."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") >> 20

    def close(self) -> None:
        self._stream.close()
        self._socket.close()


def main() -> None:
    """Measure and print."""
    options = _options()
    with _fake() as fake:
        _small_requests(fake, options.requests)
        _seeding(fake, options.accounts, options.messages, options.one)
        _pages(fake, options.repeat)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=25_000)
    parser.add_argument("--messages", type=int, default=40, help="in each of these accounts")
    parser.add_argument("--one", type=int, default=1_000_000, help="messages in the parent account")
    parser.add_argument("--requests", type=int, default=5_000, help="small requests of each sort")
    parser.add_argument("--repeat", type=int, default=200, help="readings of each page")
    return parser.parse_args()


@contextmanager
def _fake() -> Iterator[Fake]:
    arguments = [sys.executable, "-m", "tenantry.cli", "fake", "--seed", "1"]
    with Popen(arguments, stdout=PIPE, stderr=PIPE, text=True) as process:
        lines = [next(iter(process.stdout or ())) for _ in range(3)]
        fake = Fake(process, dict(line.removeprefix("export ").strip().split("=", 1) for line in lines))
        try:
            yield fake
        finally:
            fake.close()
            process.terminate()


def _small_requests(fake: Fake, count: int) -> None:
    root = f"{ROOT}/{fake.account}"
    key = fake("POST", f"{root}/Keys.json", "FriendlyName=bench")["sid"]
    message = fake.seed(kind="message", account=fake.account)["sids"][0]
    fake("POST", f"{root}/IncomingPhoneNumbers.json", "PhoneNumber=%2B14155550001")
    text = "To=%2B14155550100&From=%2B14155550001&Body=bench"
    sorts: dict[str, Callable[[], Any]] = {
        "fetch a key": lambda: fake("GET", f"{root}/Keys/{key}.json"),
        "fetch a message": lambda: fake("GET", f"{root}/Messages/{message}.json"),
        "rename a key": lambda: fake("POST", f"{root}/Keys/{key}.json", "FriendlyName=again"),
        "list one key": lambda: fake("GET", f"{root}/Keys.json"),
        "send a message": lambda: fake("POST", f"{root}/Messages.json", text),
    }
    print(f"{'small requests':34} {'per CPU second':>14} {'ratio':>6}")
    first = None
    for what, send in sorts.items():
        cost = _cpu_each(fake, send, count)
        first = first or cost
        print(f"{what:34} {1 / cost:14.0f} {cost / first:6.2f}")


def _seeding(fake: Fake, accounts: int, messages: int, in_parent: int) -> None:
    period = {"start": "2026-01-01", "end": "2027-01-01"}
    orders = {
        f"{accounts} accounts": {"kind": "subaccount", "count": accounts},
        f"{accounts * messages} messages in them": {"kind": "message", "account": "all", "count": messages, **period},
        f"{in_parent} messages in the parent": {
            "kind": "message",
            "account": fake.account,
            "count": in_parent,
            **period,
        },
    }
    print(f"\n{'seeding':34} {'wall s':>14} {'CPU s':>6} {'MB held':>8}")
    for what, order in orders.items():
        wall, cpu = time.monotonic(), fake.cpu()
        fake.seed(**order)
        print(f"{what:34} {time.monotonic() - wall:14.1f} {fake.cpu() - cpu:6.1f} {fake.memory():8}")


def _pages(fake: Fake, repeat: int) -> None:
    root = f"{ROOT}/{fake.account}/Messages.json?PageSize=50"
    deep = f"{root}&DateSent%3C=2026-01-02"
    for _ in range(5):
        deep = fake("GET", deep)["next_page_uri"]
    pages = {
        "messages, first page": root,
        "messages, nearly the last page": deep,
        "messages of a day long ago": f"{root}&DateSent=2026-02-01",
        "messages to one number": f"{root}&To=%2B14155550100&DateSent%3C=2026-03-01",
        "accounts, first page": f"{ROOT}.json?PageSize=50",
        "accounts, a page in the middle": _middle(fake),
    }
    print(f"\n{'pages of 50':34} {'CPU ms each':>14} {'ratio':>6}")
    first = None
    for what, path in pages.items():
        cost = _cpu_each(fake, partial(fake, "GET", path), repeat)
        first = first or cost
        print(f"{what:34} {1000 * cost:14.2f} {cost / first:6.2f}")


def _middle(fake: Fake) -> str:
    page: Any = {"next_page_uri": f"{ROOT}.json?PageSize=1000"}
    for _ in range(12):
        page = fake("GET", page["next_page_uri"]) if page["next_page_uri"] else page
    return str(page["uri"]).replace("PageSize=1000", "PageSize=50")


def _cpu_each(fake: Fake, send: Callable[[], Any], count: int) -> float:
    send()
    before = fake.cpu()
    for _ in range(count):
        send()
    return max(fake.cpu() - before, 1 / TICKS) / count


if __name__ == "__main__":
    main()
