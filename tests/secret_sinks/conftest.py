"""A store of each type for the contract suite."""

from collections.abc import Iterator

import pytest
import requests
from moto_server import run_moto
from sink_stores import AwsStore, FilesStore, KubernetesStore, Store, VaultStore


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    with run_moto() as url:
        yield url


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
