"""A rotation that is killed at each of its steps, and run again: each sink has a key that works at every moment."""

import pytest
from rotation_life import Life, kills_of
from sink_stores import FilesStore, KubernetesStore, VaultStore

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


@pytest.mark.parametrize("point", KILL_POINTS)
def test_a_kill_at_each_step_loses_nothing(life, point):
    assert life.live_through([(*KILL_POINTS[point], 1)]) >= 1
    life.check_end()


@pytest.mark.parametrize("seed", range(5))
def test_three_kills_lose_nothing(life, seed):
    life.live_through(kills_of(seed, KILL_POINTS.values()))
    life.check_end()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5, 55))
def test_any_three_kills_lose_nothing(life, seed):
    life.live_through(kills_of(seed, KILL_POINTS.values()))
    life.check_end()
