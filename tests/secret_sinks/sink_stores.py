"""The stores of the contract suite: each can be written to by others, and be made to fail as it does in life."""

import base64
import json
import os
import socket
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from botocore.awsrequest import AWSResponse
from fake_kubernetes import TOKEN as CLUSTER_TOKEN
from fake_kubernetes import FakeKubernetes
from fake_vault import TOKEN as VAULT_TOKEN
from fake_vault import FakeVault

from tenantry.model.secret_sink import AwsSecretsManager, Kubernetes, PrivateFiles, VaultKv2
from tenantry.secret_sinks.errors import DeletedError
from tenantry.secret_sinks.registry import open_sink
from tenantry.secret_sinks.secret import KeySecret
from tenantry.secret_sinks.sink import Sink

NOW = datetime(2026, 11, 30, 12, 0, 5, 123456, UTC)
ACME, OTHER = "AC" + "a" * 32, "AC" + "b" * 32
PLANTED = "plAntedSecretOfThisTest"
FOREIGN = {"accountSid": OTHER, "apiKeySid": "SK" + "9" * 32, "apiKeySecret": "somebodyElses"}


def key_secret(generation: int = 1, **changes: Any) -> KeySecret:
    values = {"stack": "dev", "tenant": "acme", "key": "web", "account_sid": ACME, "secret": f"{PLANTED}{generation}"}
    return KeySecret(**{**values, "generation": generation, "sid": f"SK{generation:032x}", **changes})


class Store:
    """A store, and what happens to it."""

    settings: Any
    is_atomic = False
    """Whether value and marks are written by one request."""
    has_conflicts = True

    def open(self) -> Sink:
        return open_sink(self.settings, lambda: NOW)

    def name(self, tenant: str = "acme", key: str = "web") -> str:
        return f"twilio/{tenant}/{key}"

    def value(self, name: str) -> Any:
        """Return the current value, as its owner reads it; None where there is none."""
        raise NotImplementedError

    def write_by_hand(self, name: str, value: dict[str, str]) -> None:
        raise NotImplementedError

    def forbid(self, sink: Sink, after_writes: int = 0) -> None:
        raise NotImplementedError

    def allow(self, sink: Sink) -> None:
        raise NotImplementedError

    def interfere(self, sink: Sink, name: str, value: dict[str, str]) -> None:
        """Let somebody else write, between the look and the next write."""
        raise NotImplementedError

    def is_gone_by(self, name: str, until: date | None) -> bool:
        """Return whether a deleted secret is gone, or will be on a day."""
        return until is None and self.open().version(name) is None

    def answers(self) -> bytes:
        """Return all that the store has answered."""
        raise NotImplementedError

    def stop(self) -> None:
        """Make the store unreachable."""
        raise NotImplementedError


class VaultStore(Store):
    def __init__(self, monkeypatch) -> None:
        self.fake = FakeVault()
        monkeypatch.setenv("VAULT_TOKEN", VAULT_TOKEN)
        self.settings = VaultKv2(type="vault_kv2", address=self.fake.url, path="twilio/{tenant}/{key}")

    def value(self, name):
        entry = self.fake.entries.get(name)
        return entry.versions[-1] if entry and entry.versions else None

    def write_by_hand(self, name, value):
        self.fake.write(name, value)

    def forbid(self, sink, after_writes=0):
        self.fake.writes_left = after_writes

    def allow(self, sink):
        self.fake.writes_left = None

    def interfere(self, sink, name, value):
        self.fake.before_write = lambda: self.write_by_hand(name, value)

    def answers(self):
        return b"\n".join(self.fake.answers)

    def stop(self):
        self.fake.stop()


class KubernetesStore(Store):
    is_atomic = True

    def __init__(self, monkeypatch, folder: Path) -> None:
        self.fake = FakeKubernetes()
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "fake", "cluster": {"server": self.fake.url}}],
            "users": [{"name": "ci", "user": {"token": CLUSTER_TOKEN}}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "ci"}}],
            "current-context": "fake",
        }
        (folder / "kubeconfig").write_text(json.dumps(config))
        monkeypatch.setenv("KUBECONFIG", str(folder / "kubeconfig"))
        self.settings = Kubernetes(type="kubernetes", namespace="crm", context="fake", name="twilio.{tenant}.{key}")

    def name(self, tenant="acme", key="web"):
        return f"twilio.{tenant}.{key}"

    def value(self, name):
        found = self.fake.secrets.get(name)
        return {field: base64.b64decode(text).decode() for field, text in found["data"].items()} if found else None

    def write_by_hand(self, name, value):
        self.fake.write(name, {field: base64.b64encode(text.encode()).decode() for field, text in value.items()})

    def forbid(self, sink, after_writes=0):
        self.fake.writes_left = after_writes

    def allow(self, sink):
        self.fake.writes_left = None

    def interfere(self, sink, name, value):
        self.fake.before_write = lambda: self.write_by_hand(name, value)

    def answers(self):
        return b"\n".join(self.fake.answers)

    def stop(self):
        self.fake.stop()


class FilesStore(Store):
    has_conflicts = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "twilio"
        self.settings = PrivateFiles(type="private_files", folder=str(self.folder))

    def name(self, tenant="acme", key="web"):
        return f"{tenant}/{key}.json"

    def value(self, name):
        path = self.folder / name
        return json.loads(path.read_text()) if path.is_file() else None

    def write_by_hand(self, name, value):
        path = self.folder / name
        for folder in (self.folder, path.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        path.write_text(json.dumps(value))

    def forbid(self, sink, after_writes=0):
        """Let the marks be written, and nothing take the place of the value."""
        path = self.folder / self.name()
        if after_writes:
            path.unlink(missing_ok=True)
            path.mkdir(parents=True)
            self.folder.chmod(0o700)
            path.parent.chmod(0o700)
        else:
            self.folder.write_text("a file in the place of the folder")

    def allow(self, sink):
        (self.folder / self.name()).rmdir()

    def answers(self):
        return b""

    def stop(self):
        self.folder.mkdir(mode=0o755)
        self.folder.chmod(0o755)


class AwsStore(Store):
    """moto's server, as a process; what AWS refuses and moto does not is answered on the way there."""

    def __init__(self, monkeypatch, url: str) -> None:
        self.url = url
        self.settings = AwsSecretsManager(type="aws_secrets_manager", region="us-east-1", name="twilio/{tenant}/{key}")
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self._answers: list[bytes] = []
        self._writes_left: int | None = None
        self._interference: Any = None
        environ = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_ENDPOINT_URL": url}
        for name, value in {**environ, "AWS_CONFIG_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true"}.items():
            monkeypatch.setenv(name, value)

    def open(self):
        sink: Any = super().open()
        events = sink._client.meta.events
        events.register("before-send.secretsmanager.*", self._before_send)
        events.register("after-call.secretsmanager.*", lambda parsed, **_: self._answers.append(repr(parsed).encode()))
        return sink

    def value(self, name):
        client = aws_client(self.url)
        missing = (client.exceptions.ResourceNotFoundException, client.exceptions.InvalidRequestException)
        with suppress(*missing):  # the second one: it is marked as deleted
            return json.loads(client.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")["SecretString"])

    def write_by_hand(self, name, value):
        client = aws_client(self.url)
        try:
            client.create_secret(Name=name, SecretString=json.dumps(value))
        except client.exceptions.ResourceExistsException:
            client.put_secret_value(SecretId=name, SecretString=json.dumps(value))

    def forbid(self, sink, after_writes=0):
        self._writes_left = after_writes

    def allow(self, sink):
        self._writes_left = None

    def interfere(self, sink, name, value):
        self._interference = lambda: self.write_by_hand(name, value)

    def answers(self):
        return b"\n".join(self._answers)

    def is_gone_by(self, name, until):
        try:
            self.open().version(name)
        except DeletedError as error:
            days = (error.until - datetime.now(UTC).date()).days if error.until else 0
            return error.until == until and days in (29, 30)
        return False

    def stop(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"

    def _before_send(self, request: Any, **_: Any) -> AWSResponse | None:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        self.requests.append((operation, json.loads(request.body)))
        if operation == "DescribeSecret":
            return None
        if self._interference is not None:
            interfere, self._interference = self._interference, None
            interfere()
        if self._writes_left is not None:
            self._writes_left -= 1
            if self._writes_left < 0:
                return _refuse(request.url)
        return None


@cache
def aws_client(url: str) -> Any:
    """Return a client of the tests' own, of which each takes a tenth of a second to make."""
    import boto3

    return boto3.session.Session().client("secretsmanager", region_name="us-east-1", endpoint_url=url)


class _Raw:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any):
        yield self._content


def _refuse(url: str) -> AWSResponse:
    content = json.dumps({"__type": "AccessDeniedException", "Message": "User: ci is not authorized"}).encode()
    return AWSResponse(url, 400, {"x-amzn-RequestId": "1"}, _Raw(content))
