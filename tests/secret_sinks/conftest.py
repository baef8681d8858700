"""A store of each type for the contract suite."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import requests
from sink_stores import AwsStore, FilesStore, KubernetesStore, Store, VaultStore


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """moto's server as a process of its own: what boto3 says goes over a wire."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 120
    try:
        while not _answers(url):
            assert process.poll() is None, "moto's server ended"
            assert time.monotonic() < deadline, "moto's server does not answer"
        yield url
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(params=["aws_secrets_manager", "vault_kv2", "kubernetes", "private_files"])
def store(request, monkeypatch, tmp_path) -> Iterator[Store]:
    match request.param:
        case "aws_secrets_manager":
            url = request.getfixturevalue("moto_url")
            requests.post(f"{url}/moto-api/reset", timeout=60)
            yield AwsStore(monkeypatch, url)
        case "vault_kv2":
            store = VaultStore(monkeypatch)
            yield store
            store.fake.stop()
        case "kubernetes":
            cluster = KubernetesStore(monkeypatch, tmp_path)
            yield cluster
            cluster.fake.stop()
        case _:
            yield FilesStore(tmp_path)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/moto-api/data.json", timeout=5).ok
    except requests.RequestException:
        return False
