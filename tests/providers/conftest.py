"""The real plugin process over gRPC, as the engine talks to it, against the fake Twilio."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
import requests
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import provider_pb2_grpc

from tenantry.fake.server import FakeTwilio
from tenantry.providers import RESOURCES
from tenantry.providers.resource import serialized

SECRET = "1b47061264138c4ac30d75fd1eb44270"


@dataclass
class Plugin:
    """One plugin process, which is one operation of the engine: a refresh, an update."""

    process: subprocess.Popen[bytes]
    stub: Any
    owner: str
    channel: Any = field(repr=False, default=None)

    def check(self, kind: str, news: dict[str, Any], olds: dict[str, Any] | None = None) -> tuple[dict[str, Any], Any]:
        answer = self.stub.Check(pb.CheckRequest(news=self.bag(kind, news), olds=self.bag(kind, olds or {})))
        return plain(answer.inputs), [(failure.property, failure.reason) for failure in answer.failures]

    def diff(self, kind: str, sid: str, olds: dict[str, Any], news: dict[str, Any]) -> tuple[bool, list[str]]:
        answer = self.stub.Diff(pb.DiffRequest(id=sid, olds=self.bag(kind, olds), news=self.bag(kind, news)))
        return answer.changes == pb.DiffResponse.DIFF_SOME, list(answer.replaces)

    def create(self, kind: str, props: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        answer = self.stub.Create(pb.CreateRequest(properties=self.bag(kind, self.owned(kind, props))))
        return answer.id, plain(answer.properties)

    def update(self, kind: str, sid: str, olds: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        owned = self.bag(kind, self.owned(kind, news))
        answer = self.stub.Update(pb.UpdateRequest(id=sid, olds=self.bag(kind, olds), news=owned))
        return plain(answer.properties)

    def read(self, kind: str, sid: str, props: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        answer = self.stub.Read(pb.ReadRequest(id=sid, properties=self.bag(kind, self.owned(kind, props))))
        return answer.id, plain(answer.properties), plain(answer.inputs)

    def delete(self, kind: str, sid: str, props: dict[str, Any]) -> None:
        self.stub.Delete(pb.DeleteRequest(id=sid, properties=self.bag(kind, self.owned(kind, props))))

    def owned(self, kind: str, props: dict[str, Any]) -> dict[str, Any]:
        return props if kind == "fleet" else {"owner_account_sid": self.owner, **props}

    def bag(self, kind: str, props: dict[str, Any]) -> struct_pb2.Struct:
        struct = struct_pb2.Struct()
        struct.update({**props, "__provider": serialized(RESOURCES[kind].provider)})
        return struct

    def stop(self) -> None:
        self.channel.close()
        self.process.terminate()
        self.process.wait(10)


def plain(struct: struct_pb2.Struct) -> dict[str, Any]:
    """A property bag as the engine would save it, less the provider, with secrets as `secret:…`."""
    bag = json_format.MessageToDict(struct)
    bag.pop("__provider", None)
    return {key: _open(value) for key, value in bag.items()}


def _open(value: Any) -> Any:
    is_secret = isinstance(value, dict) and SECRET in value.values()
    return f"secret:{value['value']}" if is_secret else value


class Operations:
    """Starts a plugin process for each operation, with the environment of a user's shell."""

    def __init__(self, fake: FakeTwilio) -> None:
        self.fake = fake
        self.started: list[Plugin] = []

    def __call__(self, **environ: str | None) -> Plugin:
        credentials: dict[str, str | None] = {
            "TWILIO_ACCOUNT_SID": self.fake.account_sid,
            "TWILIO_AUTH_TOKEN": self.fake.auth_token,
            "TENANTRY_TWILIO_URL": self.fake.url,
        }
        wanted = {**os.environ, **credentials, **environ}
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tenantry.engine.plugin", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={key: value for key, value in wanted.items() if value is not None},
        )
        assert process.stdout is not None
        channel = grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}")
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        stub.Configure(pb.ConfigureRequest())
        plugin = Plugin(process, stub, self.fake.account_sid, channel)
        self.started.append(plugin)
        return plugin


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def operation(fake: FakeTwilio) -> Iterator[Operations]:
    operations = Operations(fake)
    yield operations
    for plugin in operations.started:
        plugin.stop()


@pytest.fixture
def plugin(operation: Operations) -> Plugin:
    return operation()


@pytest.fixture
def control(fake: FakeTwilio) -> Any:
    """The control plane: `control("console", set=SID, fields={…})`, `control("state")`."""

    def ask(path: str, **order: Any) -> Any:
        url = f"{fake.url}/_fake/{path}"
        answer = requests.post(url, json=order, timeout=10) if order else requests.get(url, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    return ask


@pytest.fixture
def account(plugin: Plugin) -> str:
    """An active account, made by an earlier operation than the test's own."""
    sid, _ = plugin.create("subaccount", {"slug": "acme", "friendly_name": "Acme Dental (acme)"})
    return sid
