"""The scene of the demo in which a cap holds: a real receiver, a notice, a suspension, and the next month.

The receiver is `tenantry serve`, a process of its own, which the fake Twilio calls; the notice arrives at a small
application here. The fake's clock moves, and the receiver follows it.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import click
import requests

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.values import StackRef
from tenantry.manifest.load import load_or_refuse
from tenantry.operations.caps.sync import sync_standing

CAPPED = "birch"
LIMIT = 100
SECRET = "whsec_dGhlIGRlbW8ncyBvd24sIG5vIHNlY3JldA=="  # noqa: S105  # of the demo alone
SECONDS = 60.0
"""So long each step may take on a slow machine."""
SINCE_FIRED = 90
"""Seconds by the fake's clock until Twilio notices what was used."""


class NeverCameError(Exception):
    """A step of the scene that did not happen in time."""


@dataclass(frozen=True)
class CapScene:
    """A project with its state, and the fake Twilio that it lives on."""

    folder: Path
    stack: str
    state: tuple[StateResource, ...]
    environ: Mapping[str, str]
    twilio: str
    """URL of the fake."""

    @property
    def account_sid(self) -> str:
        return next(
            found.sid for found in self.state if found.kind == "subaccount" and found.slug == CAPPED and found.sid
        )

    def order(self, path: str, order: Mapping[str, Any]) -> Any:
        """Tell the fake something."""
        answer = requests.post(f"{self.twilio}/_fake{path}", json=order, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def status(self) -> str:
        """Return the status of the tenant's account at Twilio."""
        who = (self.environ["TWILIO_ACCOUNT_SID"], self.environ["TWILIO_AUTH_TOKEN"])
        url = f"{self.twilio}/2010-04-01/Accounts/{self.account_sid}.json"
        return str(requests.get(url, auth=who, headers={"Host": "api.twilio.com"}, timeout=60).json()["status"])

    def now(self) -> datetime:
        """Return the fake's time."""
        answer = requests.get(f"{self.twilio}/_fake/clock", timeout=60)
        return datetime.fromisoformat(answer.json()["now"])


def show_caps(scene: CapScene) -> None:
    """Let a tenant reach its cap, and the next month begin; raises NeverCameError."""
    with _application() as application:
        _write_settings(scene, application.url)
        _tell_receiver(scene)
        with _serving(scene):
            scene.order("/usage", {"account": scene.account_sid, "category": "sms", "count": LIMIT, "usage": LIMIT})
            scene.order("/clock", {"advance_seconds": SINCE_FIRED})
            click.echo(f"  {CAPPED} sends {LIMIT} SMS; Twilio's usage trigger fires and calls the receiver")
            _wait("the suspension", lambda: scene.status() == "suspended")
            _wait("the notice", lambda: "tenant.suspended" in application.types)
            click.echo(f"  Twilio: the account of {CAPPED} is suspended")
            click.echo(f'  your application gets tenant.suspended: "{application.texts[-1]}"')
            until = _next_month(scene.now())
            seconds = (until - scene.now()).total_seconds() + SINCE_FIRED
            scene.order("/clock", {"advance_seconds": seconds})
            click.echo(f"  ... it is {until:%d %B}, by the fake's clock")
            _wait("the end of the suspension", lambda: scene.status() == "active")
            _wait("its notice", lambda: "tenant.resumed" in application.types)
            click.echo(f"  Twilio: the account of {CAPPED} is active again")
            click.echo(f'  your application gets tenant.resumed: "{application.texts[-1]}"')


@dataclass
class _Application:
    """What stands for the vendor's application: it takes notices."""

    url: str = ""
    types: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@contextmanager
def _application() -> Iterator[_Application]:
    application = _Application()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            notice = json.loads(self.rfile.read(int(self.headers.get("content-length", "0"))))
            application.texts.append(notice["data"]["text"])
            application.types.append(notice["type"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name of the standard library
            """Write nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        application.url = f"http://127.0.0.1:{server.server_port}/tenantry"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield application
        finally:
            server.shutdown()
            thread.join()


def _write_settings(scene: CapScene, url: str) -> None:
    """Give the project a ledger and an application, and the tenant a cap that suspends."""
    ledger = scene.folder / ".tenantry-ledger.db"
    make_ledger(SqliteAddress(ledger))
    with (scene.folder / "tenantry.yaml").open("a", encoding="utf-8") as project:
        project.write(f"\nledger: {json.dumps(f'sqlite:{ledger}')}\n")
        project.write(f"notices: {{url: {json.dumps(url)}, secret_from: TENANTRY_NOTICES_SECRET}}\n")
    with (scene.folder / "tenants" / f"{CAPPED}.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write("\nusage_triggers:\n  monthly-sms: {on_fire: {action: suspend}}\n")


def _tell_receiver(scene: CapScene) -> None:
    loaded = load_or_refuse(scene.folder, scene.stack)
    stack = StackRef(scene.environ["TWILIO_ACCOUNT_SID"], scene.stack)
    with open_ledger(SqliteAddress(scene.folder / ".tenantry-ledger.db")) as ledger:
        sync_standing(ledger, stack, loaded, scene.state, None)


@contextmanager
def _serving(scene: CapScene) -> Iterator[None]:
    """Run `tenantry serve` where the webhooks of the project lead."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"TENANTRY_SWEEP_SECONDS": "1", "TENANTRY_NOTICES_SECRET": SECRET, "PULUMI_STACK": scene.stack}
    command = [sys.executable, "-m", "tenantry.cli", "serve", "--port", str(port), "-C", str(scene.folder)]
    environ = {**os.environ, **scene.environ, **settings}
    with (scene.folder / ".tenantry-serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        try:
            _wait("the receiver", lambda: _is_ready(f"http://127.0.0.1:{port}/healthz"))
            webhooks = load_or_refuse(scene.folder, scene.stack).stack.webhooks
            scene.order("/deliveries/routes", {str(urlsplit(str(webhooks)).hostname): f"http://127.0.0.1:{port}"})
            yield
        finally:
            process.terminate()
            process.wait(30)


def _is_ready(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def _wait(name: str, happened: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not happened():
        if time.monotonic() > end:
            raise NeverCameError(f"{name} did not come within {SECONDS:.0f} s; see .tenantry-serve.log in its folder.")
        time.sleep(0.1)


def _next_month(now: datetime) -> datetime:
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)
