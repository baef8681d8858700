"""Tenants whose keys go to folders and rotate; an `up` without an engine makes, deletes and delivers keys."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from drift_world import World, settle_requests
from rotation_run import KeyRun

from faketwilio.server import FakeTwilio
from faketwilio.store.fault import fault_of
from faketwilio.store.records import ApiKey
from tenantry.engine.run.command import Project
from tenantry.engine.run.kept_keys import RETIRE_VARIABLE
from tenantry.engine.state.deployment import Secret
from tenantry.operations.rotation import retirement
from tenantry.operations.rotation.rotate import rotate_with
from tenantry.operations.rotation.rotating_keys import Asked
from tenantry.operations.rotation.rotation_values import KeyRotation, RotationReport
from tenantry.operations.stack.open import Opened

DAY = 86_400
ROTATED = "api_keys:\n  web: {access: standard, deliver_to: [disk], rotation: {every_days: 90, overlap_days: 7}}\n"


class RotationWorld(World):
    """Manifests, a state with secrets, a fake whose clock moves, and two folders that are sinks."""

    def __init__(self, folder: Path, fake: FakeTwilio) -> None:
        super().__init__(folder, fake)
        self.sinks("disk", "other")

    def sinks(self, *names: str) -> None:
        """Write tenantry.yaml with these folders as sinks."""
        rows = "".join(f"  {name}: {{type: private_files, folder: {self.folder}/{name}}}\n" for name in names)
        (self.folder / "tenantry.yaml").write_text(f"format: 1\nsecret_sinks:\n{rows}")

    @property
    def opened(self) -> Opened:
        environ = {
            "TWILIO_ACCOUNT_SID": self.fake.account_sid,
            "TWILIO_AUTH_TOKEN": self.fake.auth_token,
            "TENANTRY_TWILIO_URL": self.fake.url,
        }
        engine: Any = None
        return Opened(Project(self.folder, "dev", engine, environ), self.loaded)

    def pass_days(self, days: float) -> None:
        """Move Twilio's clock."""
        self.fake.store.clock.advance(days * DAY)

    def up(self, *, make: bool = True, deliver_keys: bool = True) -> None:
        """Make what the manifests want, delete what they don't, and deliver."""
        if make:
            self.apply()
        self.run().retire()
        if deliver_keys:
            self.deliver()

    def deliver(self) -> None:
        """Put what the sinks lack."""
        self.run().deliver()

    def run(self) -> KeyRun:
        """Return a run over the keys."""
        return KeyRun(self.opened, self.state, self.session(), self.fake.store.clock.now)

    def rotate(self, *names: str, **asked: Any) -> RotationReport:
        """Run `tenantry rotate`."""
        return rotate_with(self.opened, Asked(names, **asked), self.state.values(), self.session()).report

    def step(self, *names: str, **asked: Any) -> KeyRotation:
        """Run it where one key is looked at."""
        [step] = self.rotate(*names, **asked).keys
        return step

    def find_kept(self, *waived: str) -> list[tuple[int, str]]:
        """Return the generations that an `up` would keep, and why."""
        opened = self.opened
        project = replace(opened.project, environ={**opened.project.environ, RETIRE_VARIABLE: ",".join(waived)})
        opened = replace(opened, project=project)
        going = retirement.find_going(opened, None, self.state.values())
        return [
            (key.generation, key.reason)
            for key in retirement.find_kept(opened, going, self.session(), self.fake.store.clock.now)
        ]

    def manifest(self, slug: str = "acme") -> str:
        """Return the text of a manifest."""
        return (self.folder / "tenants" / f"{slug}.yaml").read_text()

    def sid_in(self, sink: str = "disk", slug: str = "acme") -> str | None:
        """Return the SID of the key that a sink has."""
        path = self.folder / sink / slug / "web.json"
        return str(json.loads(path.read_text())["apiKeySid"]) if path.exists() else None

    def live_names(self) -> set[str]:
        """Return the names of the keys at Twilio."""
        return {key.friendly_name for key in self.fake.store.table(ApiKey).all()}

    def fail(self, **fault: Any) -> None:
        """Let requests fail."""
        self.fake.store.faults.append(fault_of(fault))

    def spoil_secret(self, name: str) -> None:
        """Let the state have a secret that Twilio does not take."""
        self.state[name] = replace(self.state[name], outputs={**self.state[name].outputs, "secret": Secret("wrong")})

    def forget_secret(self, name: str) -> None:
        """Lose the secret of a key from the state, as a lost state does."""
        outputs = {key: value for key, value in self.state[name].outputs.items() if key != "secret"}
        self.state[name] = replace(self.state[name], outputs=outputs)

    def _make(self, session: Any, resource: Any, slug: str) -> None:
        if resource.kind != "api_key":
            super()._make(session, resource, slug)
            return
        self.run().make()
        settle_requests(self.fake)
