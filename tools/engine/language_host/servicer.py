"""The calls of Pulumi's LanguageRuntime service that a Python program and a policy pack need."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from children import Child, Children
from google.protobuf import empty_pb2, json_format
from interpreter import RequiredPlugin, choose, describe, required_plugins
from options import Refused, options_of
from policy_pack import PolicyPackProxy
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2
from toolchains import Toolchain, run

# What pulumi-language-python-exec exits with when it has already shown the user what went wrong.
_ERROR_ALREADY_SHOWN = 32


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Answers the engine; every program it starts is in `children`, so that none outlives it."""

    def __init__(self, engine: str, executor: str, version: str) -> None:
        self.children = Children()
        self._engine = engine
        self._executor = executor
        self._version = version

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._engine = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return plugin_pb2.PluginInfo(version=self._version)

    def GetRequiredPackages(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _refusals_told(context):
            toolchain = _toolchain(request.info)
            toolchain.ensure(_show)
            packages = [_dependency(plugin) for plugin in required_plugins(toolchain)]
        return language_pb2.GetRequiredPackagesResponse(packages=packages)

    def About(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _refusals_told(context):
            toolchain = _toolchain(request.info)
            executable, version = describe(toolchain.interpreter())
        metadata = {"toolchain": toolchain.name, "languageHost": "Tenantry's stand-in"}
        return language_pb2.AboutResponse(executable=executable, version=version, metadata=metadata)

    def GetProgramDependencies(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _refusals_told(context):
            found = _toolchain(request.info).packages(transitive=request.transitiveDependencies)
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[language_pb2.DependencyInfo(name=name, version=version) for name, version in found]
        )

    def RuntimeOptionsPrompts(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return language_pb2.RuntimeOptionsResponse()

    def Template(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return language_pb2.TemplateResponse()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self.children.kill()
        return empty_pb2.Empty()

    def InstallDependencies(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:  # noqa: N802
        with _refusals_told(context):
            command, environment = _toolchain(request.info, is_plugin=request.is_plugin).install()
        child = self.children.start(command, environment, cwd=request.directory, piped=True)
        for stream, chunk in child.output():
            yield language_pb2.InstallDependenciesResponse(**{stream: chunk})
        if child.wait():
            context.abort(grpc.StatusCode.UNKNOWN, f"{' '.join(command)} failed in {request.directory}")

    def Run(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _refusals_told(context):
            _refuse_debugger(request)
            toolchain = _toolchain(request.info)
            toolchain.validate()
            interpreter = toolchain.interpreter()
        config = {"PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys))}
        if request.config:
            config["PULUMI_CONFIG"] = json.dumps(dict(request.config))
        command = [interpreter.python, self._executor, *self._run_arguments(request)]
        folder = interpreter.folder and str(interpreter.folder)
        child = self.children.start(command, interpreter.environment | config, cwd=folder, piped=False)
        context.add_callback(child.interrupt)
        return _run_response(child.wait())

    def RunPlugin(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:  # noqa: N802
        is_pack = request.kind == "analyzer"
        with _refusals_told(context):
            _refuse_debugger(request)
            interpreter = _toolchain(request.info, is_plugin=not is_pack).interpreter()
        environment = interpreter.environment | dict(entry.split("=", 1) for entry in request.env)
        if is_pack:
            yield from self._run_policy_pack(interpreter.python, environment, request, context)
            return
        command = [interpreter.python, request.info.program_directory, *request.args]
        child = self.children.start(command, environment, cwd=request.pwd, piped=True)
        context.add_callback(child.kill)
        yield from _passed_through(child)

    def _run_policy_pack(
        self, python: str, environment: dict[str, str], request: Any, context: grpc.ServicerContext
    ) -> Iterator[Any]:
        # A policy pack runs in its own folder and gets that folder as its last argument.
        folder = request.info.program_directory
        command = [python, "-u", "-m", "pulumi.policy", *request.args, folder]
        with PolicyPackProxy() as proxy:
            context.add_callback(proxy.give_up)
            yield language_pb2.RunPluginResponse(stdout=f"{proxy.port}\n".encode())
            child = self.children.start(command, environment | proxy.variables(), cwd=folder, piped=True)
            if not context.add_callback(child.kill):
                child.kill()
            yield from _passed_through(child, proxy.take_port)

    def _run_arguments(self, request: Any) -> list[str]:
        named = {
            "monitor": request.monitor_address,
            "engine": self._engine,
            "project": request.project,
            "root_directory": request.info.root_directory,
            "stack": request.stack,
            "pwd": request.pwd,
            "dry_run": "true" if request.dryRun else "false",
            "parallel": str(request.parallel),
            "organization": request.organization,
        }
        flags = [part for name, value in named.items() if value for part in (f"--{name}", value)]
        return [*flags, request.info.entry_point, *request.args]


def _passed_through(child: Child, filtered: Callable[[bytes], bytes] = bytes) -> Iterator[Any]:
    for stream, chunk in child.output():
        if stream == "stderr":
            yield language_pb2.RunPluginResponse(stderr=chunk)
        elif rest := filtered(chunk):
            yield language_pb2.RunPluginResponse(stdout=rest)
    if code := child.wait():
        yield language_pb2.RunPluginResponse(exitcode=code)


def _run_response(code: int) -> Any:
    if code == 0:
        return language_pb2.RunResponse()
    if code == _ERROR_ALREADY_SHOWN:
        return language_pb2.RunResponse(bail=True)
    # Go reports -1 for a program that a signal ended, Python the signal's negative number.
    return language_pb2.RunResponse(error=f"program exited with non-zero exit code: {max(code, -1)}")


@contextmanager
def _refusals_told(context: grpc.ServicerContext) -> Iterator[None]:
    """End a call with the reason why a program can't be run."""
    try:
        yield
    except Refused as problem:
        context.abort(grpc.StatusCode.UNKNOWN, str(problem))


def _toolchain(info: Any, *, is_plugin: bool = False) -> Toolchain:
    return choose(options_of(info, dict(json_format.MessageToDict(info.options)), is_plugin=is_plugin))


def _refuse_debugger(request: Any) -> None:
    if request.attach_debugger:
        raise Refused("Tenantry's stand-in language host has no debugger")


def _show(folder: Path, command: Sequence[str | Path], environment: dict[str, str]) -> None:
    """Run a command that makes a virtual environment; what it prints is shown as the host's own words."""
    done = run(command, folder, environment)
    sys.stderr.write(f"{done.stdout}{done.stderr}")
    if done.returncode:
        raise Refused(f"error creating virtual environment: exit status {done.returncode}")


def _dependency(plugin: RequiredPlugin) -> Any:
    parts = {
        name: plugin_pb2.PackageParameterization(**held)
        for name, held in (("parameterization", plugin.parameterization), ("extension", plugin.extension))
        if held is not None
    }
    return plugin_pb2.PackageDependency(
        kind="resource", name=plugin.name, version=plugin.version, server=plugin.server, **parts
    )
