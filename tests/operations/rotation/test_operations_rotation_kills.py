"""A rotation that is killed at each of its steps, and run again: each sink has a key that works at every moment."""

import json
import os
import pickle
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rotation_world import ROTATED
from sink_stores import FilesStore, KubernetesStore, VaultStore

from faketwilio.store.records import ApiKey

PROGRAM = Path(__file__).parents[1] / "rotation_run.py"
KILL_POINTS = {
    "before a manifest is edited": ("rotate", "manifest/write_back.py", "write", "call"),
    "while its new text has another name": ("rotate", "manifest/write_back.py", "_refuse_changed", "return"),
    "after a manifest was edited": ("rotate", "manifest/write_back.py", "write", "return"),
    "before a successor is tried": ("rotate", "twilio/key_proof.py", "prove", "call"),
    "after a successor was tried": ("rotate", "twilio/key_proof.py", "prove", "return"),
    "before the key is made": ("up", "twilio/api_key.py", "create", "call"),
    "after the key was recorded": ("up", "rotation_run.py", "make", "return"),
    "before a sink is looked at": ("up", "rotation/sinks.py", "version", "call"),
    "before a sink is given the key": ("up", "rotation/sinks.py", "put", "call"),
    "after a sink was given the key": ("up", "rotation/sinks.py", "put", "return"),
    "between marks and value of files": ("up", "secret_sinks/private_files.py", "_write", "return"),
    "before a value goes to Vault": ("up", "secret_sinks/vault_kv2.py", "_write_value", "call"),
    "after a value went to Vault": ("up", "secret_sinks/vault_kv2.py", "_write_value", "return"),
    "after marks went to Vault": ("up", "secret_sinks/vault_kv2.py", "_write_marks", "return"),
    "before a Secret goes to Kubernetes": ("up", "secret_sinks/kubernetes.py", "_ask", "call"),
    "after a Secret went to Kubernetes": ("up", "secret_sinks/kubernetes.py", "put", "return"),
    "before the old key is deleted": ("up", "twilio/api_key.py", "delete", "call"),
    "after the old key was deleted, before that is recorded": ("up", "twilio/api_key.py", "delete", "return"),
}
"""Where a process is killed: in which run, and at the call or the return of which function. A key that was made and not
recorded is the engine's: tests/e2e/test_e2e_crash_anywhere.py kills there."""
LIFE = ("up", "rotate", "up", "rotate", "up")
NIGHTS = {1: 90, 3: 7}
"""Days that pass before a run of LIFE."""


@pytest.fixture(scope="session")
def runner():
    """A process that forks for each run, so that none of them imports anything."""
    places = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, str(PROGRAM)], env=environ, **pipes) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def life(rotation, runner, monkeypatch, tmp_path):
    """Two tenants whose keys go to three sinks."""
    stores = {
        "disk": FilesStore(tmp_path),
        "lab": VaultStore(monkeypatch),
        "cluster": KubernetesStore(monkeypatch, tmp_path),
    }
    yield Life(rotation, runner, stores)
    stores["lab"].fake.stop()
    stores["cluster"].fake.stop()


class Life:
    """The life of two keys, in processes that may be killed."""

    def __init__(self, world, runner, stores):
        self.world, self.runner, self.stores = world, runner, stores
        sinks = {name: store.settings.model_dump(exclude_none=True) for name, store in stores.items()}
        (world.folder / "tenantry.yaml").write_text(json.dumps({"format": 1, "secret_sinks": sinks}))
        for slug in ("acme", "birch"):
            world.write(slug, ROTATED.replace("[disk]", "[disk, lab, cluster]"))
        world.up()
        self.save(world.state)

    @property
    def file(self):
        return self.world.folder / "state.pickle"

    def save(self, state):
        self.file.write_bytes(pickle.dumps(state))

    def run(self, what, kill=None):
        """Run it in a process; return how that ended."""
        environ = {**self.world.opened.project.environ, "VAULT_TOKEN": os.environ["VAULT_TOKEN"]}
        environ["KUBECONFIG"] = os.environ["KUBECONFIG"]
        now = self.world.fake.store.clock.now().isoformat()
        order = {"what": what, "kill": kill, "environ": environ, "folder": str(self.world.folder), "now": now}
        self.runner.stdin.write(f"{json.dumps(order)}\n")
        self.runner.stdin.flush()
        return int(self.runner.stdout.readline())

    def live_through(self, kills):
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

    def check(self):
        """No sink has a key that does not work, and no key lives that nobody recorded."""
        state = pickle.loads(self.file.read_bytes())
        live = {key.sid: key for key in self.world.fake.store.table(ApiKey).all()}
        recorded = {resource.id for resource in state.values() if resource.kind == "api_key"}
        assert live.keys() <= recorded
        for slug in ("acme", "birch"):
            for store in self.stores.values():
                value = store.value(store.name(slug))
                assert value["apiKeySecret"] == live[value["apiKeySid"]].secret

    def check_end(self):
        """Each key is of generation 2 alone, and every sink has it."""
        state = pickle.loads(self.file.read_bytes())
        for slug in ("acme", "birch"):
            assert "generations: [2]" in self.world.manifest(slug)
            sids = {store.value(store.name(slug))["apiKeySid"] for store in self.stores.values()}
            assert sids == {state[f"{slug}/api_key/web-2"].id}
        assert self.world.live_names() == {"web#2"}


@pytest.mark.parametrize("point", KILL_POINTS)
def test_a_kill_at_each_step_loses_nothing(life, point):
    assert life.live_through([(*KILL_POINTS[point], 1)]) >= 1
    life.check_end()


def kills_of(seed):
    """Draw three kill points, each at one of the first times that a run comes there."""
    dice = random.Random(seed)
    return [(*point, dice.randint(1, 4)) for point in dice.sample(list(KILL_POINTS.values()), 3)]


@pytest.mark.parametrize("seed", range(5))
def test_three_kills_lose_nothing(life, seed):
    life.live_through(kills_of(seed))
    life.check_end()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5, 55))
def test_any_three_kills_lose_nothing(life, seed):
    life.live_through(kills_of(seed))
    life.check_end()
