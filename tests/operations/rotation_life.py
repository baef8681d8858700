"""The life of two keys, from made to rotated, in processes that may be killed, with sinks of several types."""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from subprocess import Popen

from rotation_world import ROTATED, RotationWorld
from sink_stores import Store

from faketwilio.store.records import ApiKey
from tenantry.engine.state.deployment import StateResource

Point = tuple[str, str, str, str]
"""In which run, and at the `call` or the `return` of which function of which file."""
Kill = tuple[str, str, str, str, int]
CREDENTIALS = ("AWS_", "VAULT_TOKEN", "KUBECONFIG")
"""How the variables begin that the clients of sinks read."""
LIFE = ("up", "rotate", "up", "rotate", "up")
NIGHTS = {1: 90, 3: 7}
"""Days that pass before a run of LIFE."""


class Life:
    """The life of two keys, in processes that may be killed."""

    def __init__(self, world: RotationWorld, runner: Popen[str], stores: Mapping[str, Store]) -> None:
        self.world, self.runner, self.stores = world, runner, stores
        sinks = {name: store.settings.model_dump(exclude_none=True) for name, store in stores.items()}
        (world.folder / "tenantry.yaml").write_text(json.dumps({"format": 1, "secret_sinks": sinks}))
        for slug in ("acme", "birch"):
            world.write(slug, ROTATED.replace("[disk]", f"[{', '.join(stores)}]"))
        world.up()
        self.save(world.state)

    @property
    def file(self) -> Path:
        return self.world.folder / "state.pickle"

    def save(self, state: dict[str, StateResource]) -> None:
        self.file.write_bytes(pickle.dumps(state))

    def run(self, what: str, kill: Sequence[str | int] | None = None) -> int:
        """Run it in a process; return how that ended."""
        credentials = {name: value for name, value in os.environ.items() if name.startswith(CREDENTIALS)}
        environ = {**credentials, **self.world.opened.project.environ}
        now = self.world.fake.store.clock.now().isoformat()
        order = {"what": what, "kill": kill, "environ": environ, "folder": str(self.world.folder), "now": now}
        stdin, stdout = self.runner.stdin, self.runner.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{json.dumps(order)}\n")
        stdin.flush()
        return int(stdout.readline())

    def live_through(self, kills: Sequence[Kill]) -> int:
        """Run all of it; each kill is of one run, which is run again. Return how many were killed."""
        killed = 0
        for number, what in enumerate(LIFE):
            self.world.pass_days(NIGHTS.get(number, 0))
            for kill in [kill for kill in kills if kill[0] == what]:
                if self.run(what, kill[1:]) == -signal.SIGKILL:
                    killed += 1
                    self.check()
            assert self.run(what) == 0
            self.check()
        return killed

    def check(self) -> None:
        """No sink has a key that does not work, and no key lives that nobody recorded."""
        state = pickle.loads(self.file.read_bytes())
        live = {key.sid: key for key in self.world.fake.store.table(ApiKey).all()}
        recorded = {resource.id for resource in state.values() if resource.kind == "api_key"}
        assert live.keys() <= recorded
        for slug in ("acme", "birch"):
            for store in self.stores.values():
                value = store.value(store.name(slug))
                assert value["apiKeySecret"] == live[value["apiKeySid"]].secret

    def check_end(self) -> None:
        """Each key is of generation 2 alone, and every sink has it."""
        state = pickle.loads(self.file.read_bytes())
        for slug in ("acme", "birch"):
            assert "generations: [2]" in self.world.manifest(slug)
            sids = {store.value(store.name(slug))["apiKeySid"] for store in self.stores.values()}
            assert sids == {state[f"{slug}/api_key/web-2"].id}
        assert self.world.live_names() == {"web#2"}


def kills_of(seed: int, points: Iterable[Point]) -> list[Kill]:
    """Draw three kill points, each at one of the first times that a run comes there."""
    dice = random.Random(seed)
    return [(*point, dice.randint(1, 4)) for point in dice.sample(list(points), 3)]
