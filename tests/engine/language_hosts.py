"""A Python language host by itself, started as the engine starts it and asked over gRPC; its uv keeps a record."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import engine_pb2_grpc, language_pb2, language_pb2_grpc

NEEDED = ("sh", "cat", "dirname", "ln", "mkdir")
UV = """\
echo "$PWD|$UV_PROJECT_ENVIRONMENT|$*" >> {record}
case "$1" in
--version) echo "{says}" ;;
venv) for folder; do :; done; mkdir -p "$folder/bin"; ln -sf {python} "$folder/bin/python" ;;
sync) {sync} ;;
esac
"""
SECONDS = 240


@dataclass(frozen=True)
class Place:
    """A project in the folder `project/app` and the commands of a machine."""

    folder: Path
    host: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def app(self) -> Path:
        return self.folder / "project" / "app"

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    def uv(self, says: str = "uv 0.9.1", sync: str = ":") -> None:
        """Put a uv on PATH that keeps a record of its calls."""
        text = UV.format(record=self.folder / "record", says=says, sync=sync, python=sys.executable)
        (self.bin / "uv").write_text(f"#!/bin/sh\n{text}")
        (self.bin / "uv").chmod(0o755)

    def calls(self) -> list[str]:
        """Return the calls of uv but those for its version, as `folder|environment|words`, below the place."""
        record = self.folder / "record"
        lines = record.read_text().splitlines() if record.exists() else []
        return [line.replace(f"{self.folder}/project", "") for line in lines if not line.endswith("|--version")]

    def write(self, files: Mapping[str, str]) -> None:
        """Write files of the project, their names relative to it."""
        for name, text in files.items():
            path = self.folder / "project" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def info(self, options: Mapping[str, Any]) -> language_pb2.ProgramInfo:
        held = struct_pb2.Struct()
        held.update(options)
        app = str(self.app)
        return language_pb2.ProgramInfo(root_directory=app, program_directory=app, entry_point=".", options=held)

    def list_required(self, **options: Any) -> list[str]:
        """Ask for the packages' plugins; return their names, raise what the host says."""
        with running(self) as stub:
            request = language_pb2.GetRequiredPackagesRequest(info=self.info(options))
            return [package.name for package in stub.GetRequiredPackages(request, timeout=SECONDS).packages]

    def run(self, *, attach_debugger: bool = False, **options: Any) -> str:
        """Run the program; return its error, raise what the host says."""
        with running(self) as stub:
            request = language_pb2.RunRequest(
                project="tiny", stack="dev", pwd=str(self.app), info=self.info(options), attach_debugger=attach_debugger
            )
            return str(stub.Run(request, timeout=SECONDS).error)

    def refusal(self, **options: Any) -> str:
        """Return what the host says to one of the two questions that the engine asks first, or nothing."""
        for ask in (self.list_required, self.run):
            try:
                ask(**options)
            except grpc.RpcError as error:
                return str(error.details())
        return ""


def place_of(folder: Path, host: Path) -> Place:
    """Return a place with the system's own commands on PATH and no uv."""
    place = Place(folder, host, {"PATH": str(folder / "bin"), "HOME": str(folder), "PULUMI_PYTHON_CMD": sys.executable})
    place.bin.mkdir(parents=True)
    place.app.mkdir(parents=True)
    for name in NEEDED:
        (place.bin / name).symlink_to(str(shutil.which(name)))
    return place


@contextmanager
def running(place: Place) -> Iterator[Any]:
    """Run the host with an engine that only listens; yield what asks it."""
    engine = grpc.server(futures.ThreadPoolExecutor(4))
    engine_pb2_grpc.add_EngineServicer_to_server(engine_pb2_grpc.EngineServicer(), engine)
    address = f"127.0.0.1:{engine.add_insecure_port('127.0.0.1:0')}"
    engine.start()
    process = subprocess.Popen(
        [place.host, address],
        cwd=place.app,
        env=place.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as channel:
            yield language_pb2_grpc.LanguageRuntimeStub(channel)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        engine.stop(None)
