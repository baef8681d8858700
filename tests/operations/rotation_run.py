"""What an `up` does to keys, without an engine: make, record, delete, deliver. A process can be killed in the middle.

As a program it stays up and forks for each order that it reads: a line of JSON with what to run and where to be killed.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from tenantry.engine.run.command import Project
from tenantry.engine.state.deployment import Secret, StateResource
from tenantry.manifest.load import load, load_or_refuse
from tenantry.model.kinds import KINDS
from tenantry.model.resources import resources_of
from tenantry.operations.rotation.delivery import deliver
from tenantry.operations.rotation.keys import find_delivered_keys
from tenantry.operations.rotation.rotate import rotate_with
from tenantry.operations.rotation.rotating_keys import Asked
from tenantry.operations.rotation.sinks import open_sinks
from tenantry.operations.stack.open import Opened
from tenantry.twilio.errors import NotFound
from tenantry.twilio.session import Session

HEAVY = (
    *(f"tenantry.secret_sinks.{name}" for name in ("private_files", "vault_kv2", "kubernetes", "aws_secrets_manager")),
    *(f"twilio.rest.api.v2010.account.{name}" for name in ("key", "message", "new_key")),
    "tenantry.twilio.http.transport",
)
SAMPLE = Path(__file__).resolve().parents[2]
State = dict[str, StateResource]


@dataclass
class KeyRun:
    """One run over the keys of a project; `record` is called with each change of the state, as Pulumi writes it."""

    opened: Opened
    state: State
    session: Session
    clock: Callable[[], datetime]
    record: Callable[[State], None] = lambda _: None

    def make(self) -> None:
        """Make the keys that the manifests want and the state lacks, in the accounts that are there."""
        tenants = self.opened.loaded.tenants.values()
        for tenant in (tenant for tenant in tenants if tenant.tenant in self.state):
            for found in resources_of(tenant, self.clock().date()):
                if found.kind == "api_key" and found.name not in self.state:
                    account = self.state[tenant.tenant].id
                    spec: Any = found.spec.model_copy(update={"account_sid": account})
                    live = self.session.api_keys.create(account, spec)
                    outputs = {**spec.props(), "secret": Secret(live.secret)}
                    self.keep(
                        found.name,
                        StateResource(
                            "", KINDS["api_key"].token, "api_key", found.name, live.sid, outputs, outputs, live.created
                        ),
                    )

    def retire(self) -> None:
        """Delete the keys that no manifest names; one that is gone already counts as deleted."""
        tenants = self.opened.loaded.tenants.values()
        wanted = {found.name for tenant in tenants for found in resources_of(tenant, self.clock().date())}
        for name in [name for name in self.state if "/api_key/" in name and name not in wanted]:
            with suppress(NotFound):
                self.session.api_keys.delete(self.state[name].outputs["account_sid"], self.state[name].id)
            self.keep(name, None)

    def deliver(self) -> None:
        """Put what the sinks lack."""
        stack = self.opened.loaded.stack
        keys = find_delivered_keys(self.opened.loaded.tenants, self.state.values())
        deliver(keys, open_sinks(stack, stack.secret_sinks, "dev", self.clock), self.clock())

    def keep(self, name: str, resource: StateResource | None) -> None:
        """Write a change into the state."""
        self.state.pop(name, None)
        if resource is not None:
            self.state[name] = resource
        self.record(self.state)


class Killer:
    """Ends this process at the nth time that a function is called, or returns: `vault_kv2.py`, `put`, `call`, 1."""

    def __init__(self, file: str, function: str, event: str, times: int) -> None:
        self._file, self._function, self._event, self._left = file, function, event, times
        self._lock = threading.Lock()

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != self._event or code.co_name != self._function or not code.co_filename.endswith(self._file):
            return
        with self._lock:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


def run_order(order: dict[str, Any]) -> None:
    """Do what an order says, to its end or to its kill."""
    os.environ.update(order["environ"])
    folder, now = Path(order["folder"]), datetime.fromisoformat(order["now"])
    engine: Any = None
    opened = Opened(Project(folder, "dev", engine, order["environ"]), load_or_refuse(folder, "dev"))
    file = folder / "state.pickle"
    session, state = Session.from_env(order["environ"]), pickle.loads(file.read_bytes())
    run = KeyRun(opened, state, session, lambda: now, lambda changed: write_state(file, changed))
    if order["kill"]:
        killer = Killer(*order["kill"])
        threading.setprofile(killer)
        sys.setprofile(killer)
    if order["what"] == "rotate":
        rotate_with(opened, Asked(), state.values(), session)
    else:
        run.make()
        run.retire()
        run.deliver()


def write_state(file: Path, state: State) -> None:
    """Write the state whole or not at all."""
    unfinished = file.with_suffix(".new")
    unfinished.write_bytes(pickle.dumps(state))
    unfinished.replace(file)


def obey() -> None:
    """Fork for each order, and answer how the fork ended; what runs import is imported once, before."""
    for name in HEAVY:
        import_module(name)
    load(SAMPLE)  # builds the models that read manifests, once for all runs
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run_order(json.loads(line))
            os._exit(0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    obey()
