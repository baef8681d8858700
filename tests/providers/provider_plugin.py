"""The real plugin process over gRPC, used as the engine uses it: one process an operation, check before anything."""

import os
import signal
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import grpc
from google.protobuf import json_format, struct_pb2
from provider_nursery import Nursery
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import provider_pb2_grpc

from tenantry.providers import RESOURCES
from tenantry.providers.resource import serialize

SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
Props = dict[str, Any]


@dataclass(frozen=True)
class Saved:
    """A resource as a stack's state holds it, and what was done to it last."""

    kind: str
    id: str
    inputs: Props
    outputs: Props
    did: str = "saved"


class CheckError(Exception):
    """What check found; it stops the engine before anything is done."""


@dataclass
class Plugin:
    """One plugin process, which is one operation of the engine: a refresh, an update."""

    pid: int
    stub: Any
    channel: Any
    owner: str
    stdout: IO[bytes] = field(repr=False)
    stderr: IO[bytes] = field(repr=False)

    def check(self, kind: str, news: Props, olds: Props | None = None) -> tuple[Props, list[tuple[str, str]]]:
        old = bag(kind, olds) if olds else None
        answer = self.stub.Check(pb.CheckRequest(urn=urn_of(kind, news), news=bag(kind, news), olds=old))
        return plain(answer.inputs), [(failure.property, failure.reason) for failure in answer.failures]

    def diff(self, kind: str, sid: str, olds: Props, news: Props) -> tuple[bool, list[str]]:
        answer = self.stub.Diff(
            pb.DiffRequest(urn=urn_of(kind, news), id=sid, olds=bag(kind, olds), news=bag(kind, news))
        )
        return answer.changes == pb.DiffResponse.DIFF_SOME, list(answer.replaces)

    def create(self, kind: str, props: Props) -> tuple[str, Props]:
        owned = bag(kind, self.add_owner(kind, props))
        answer = self.stub.Create(pb.CreateRequest(urn=urn_of(kind, props), properties=owned))
        return answer.id, plain(answer.properties)

    def update(self, kind: str, sid: str, olds: Props, news: Props) -> Props:
        owned = bag(kind, self.add_owner(kind, news))
        request = pb.UpdateRequest(urn=urn_of(kind, news), id=sid, olds=bag(kind, olds), news=owned)
        answer = self.stub.Update(request)
        return plain(answer.properties)

    def read(self, kind: str, sid: str, props: Props) -> tuple[str, Props, Props | None]:
        owned = bag(kind, self.add_owner(kind, props))
        answer = self.stub.Read(pb.ReadRequest(urn=urn_of(kind, props), id=sid, properties=owned))
        inputs = plain(answer.inputs) if answer.HasField("inputs") else None
        return answer.id, plain(answer.properties), inputs

    def delete(self, kind: str, sid: str, props: Props) -> None:
        owned = bag(kind, self.add_owner(kind, props))
        self.stub.Delete(pb.DeleteRequest(urn=urn_of(kind, props), id=sid, properties=owned))

    def up(self, kind: str, props: Props, saved: Saved | None = None) -> Saved:
        """Do to one resource what `pulumi up` does: check, diff, and a create, an update, a replacement or nothing."""
        news, failures = self.check(kind, self.add_owner(kind, props), saved.inputs if saved else None)
        if failures:
            raise CheckError(failures)
        if saved is None:
            return Saved(kind, *self._make(kind, news), did="create")
        changes, replaces = self.diff(kind, saved.id, saved.outputs, news)
        # With PULUMI_ENABLE_LEGACY_DIFF, which our commands set, the engine does not ask about equal inputs.
        assert not (changes and news == saved.inputs), f"{kind} would change although its inputs do not: {news}"
        if replaces:
            created = Saved(kind, *self._make(kind, news), did="replace")
            self.delete(kind, saved.id, saved.outputs)
            return created
        if changes:
            return Saved(kind, saved.id, news, self.update(kind, saved.id, saved.outputs, news), did="update")
        return Saved(kind, saved.id, news, saved.outputs, did="same")

    def refresh(self, saved: Saved) -> Saved | None:
        """Do to one resource what a refresh does; None if it is gone."""
        sid, outputs, inputs = self.read(saved.kind, saved.id, saved.outputs)
        if not sid:
            return None
        return Saved(saved.kind, sid, saved.inputs if inputs is None else inputs, outputs, did="refresh")

    def destroy(self, saved: Saved) -> None:
        self.delete(saved.kind, saved.id, saved.outputs)

    def add_owner(self, kind: str, props: Props) -> Props:
        return props if kind == "fleet" else {"owner_account_sid": self.owner, **props}

    def recovers(self) -> "Plugin":
        """Let the fleet be checked in a run that was told to recover, as the program does before anything else."""
        _, failures = self.check("fleet", {"account_sid": self.owner, "standing": {}, "recovering": True})
        assert failures == []
        return self

    def stop(self) -> str:
        """End the process; return all it wrote on stderr."""
        self.channel.close()
        with self.stdout, self.stderr:
            os.kill(self.pid, signal.SIGTERM)
            self.stdout.read()  # ends when the process does
            self.stderr.seek(0)
            return self.stderr.read().decode()

    def _make(self, kind: str, news: Props) -> tuple[str, Props, Props]:
        sid, outputs = self.create(kind, news)
        return sid, news, outputs


class Operations:
    """Hands out a fresh plugin process for each operation."""

    def __init__(self, nursery: Nursery, shell: Mapping[str, str], owner: str) -> None:
        self._nursery = nursery
        self._shell = shell
        self._owner = owner
        self._started: list[Plugin] = []

    def __call__(self, **environ: str | None) -> Plugin:
        """Start one, in the user's shell; `environ` sets variables there, or with None unsets them."""
        wanted = {**os.environ, **self._shell, **environ}
        plugin = self._start({key: value for key, value in wanted.items() if value is not None})
        self._started.append(plugin)
        return plugin

    def stop(self, plugin: Plugin) -> str:
        """End one now; return all it wrote on stderr."""
        self._started.remove(plugin)
        return plugin.stop()

    def end(self) -> None:
        """End all that were handed out."""
        while self._started:
            self._started.pop().stop()

    def _start(self, environ: Mapping[str, str]) -> Plugin:
        stderr = tempfile.TemporaryFile()  # noqa: SIM115 -- not a pipe: a full one would stop the process
        reading, writing = os.pipe()
        pid = self._nursery.start(environ, writing, stderr.fileno())
        os.close(writing)
        stdout = os.fdopen(reading, "rb")
        channel = grpc.insecure_channel(f"127.0.0.1:{int(stdout.readline())}")
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        stub.Configure(pb.ConfigureRequest())
        return Plugin(pid, stub, channel, self._owner, stdout, stderr)


def urn_of(kind: str, props: Props) -> str:
    """The URN of a resource of the stack `dev`, named after what people call it: one of the tenant acme's."""
    token = RESOURCES[kind].token
    name = name_in_stack(kind, props)
    parent = "" if kind == "fleet" else "tenantry:index:Tenant$"
    return f"urn:pulumi:dev::owl::{parent}{token}::{name}"


def name_in_stack(kind: str, props: Props) -> str:
    """The name of a resource, as the program gives it."""
    if kind in ("fleet", "subaccount"):
        return str(props.get("slug", kind))
    called = str(props.get("friendly_name") or props.get("description") or "debugger").replace("#", "-")
    return (
        f"acme/{kind}" if kind in ("account_state", "retention") else f"acme/{kind}/{called.removeprefix('tenantry:')}"
    )


def bag(kind: str, props: Props) -> struct_pb2.Struct:
    """A property bag as the engine sends it: with the provider in it, and without marks on secrets."""
    struct = struct_pb2.Struct()
    struct.update({**props, "__provider": serialize(RESOURCES[kind].provider)})
    return struct


def plain(struct: struct_pb2.Struct) -> Props:
    """A property bag as the engine saves it, less the provider; secrets are `Hidden`."""
    props = json_format.MessageToDict(struct)
    props.pop("__provider", None)
    return {key: _open(value) for key, value in props.items()}


class Hidden(str):
    """A text that crossed the wire marked as a secret."""

    __slots__ = ()


def _open(value: Any) -> Any:
    is_secret = isinstance(value, dict) and SECRET in value.values()
    return Hidden(value["value"]) if is_secret else value


def failure(call: Any, *arguments: Any) -> str:
    """What the user reads when a call fails; the whole text, which must be one sentence and no traceback."""
    try:
        call(*arguments)
    except grpc.RpcError as error:
        details = str(error.details())  # type: ignore[attr-defined]
        assert "Traceback" not in details, details
        return details
    raise AssertionError("it did not fail")
