"""The calls of Pulumi's LanguageRuntime service that a Python program and a policy pack need."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
from children import Child, Children
from google.protobuf import empty_pb2, json_format
from interpreter import Interpreter, NoInterpreter, choose, dependencies, describe, install_command, required_plugins
from policy_pack import PolicyPackProxy
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

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
        found = required_plugins(_interpreter(request.info, context))
        packages = [plugin_pb2.PackageDependency(kind="resource", **plugin._asdict()) for plugin in found]
        return language_pb2.GetRequiredPackagesResponse(packages=packages)

    def GetRequiredPlugins(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        found = required_plugins(_interpreter(request.info, context))
        plugins = [plugin_pb2.PluginDependency(kind="resource", **plugin._asdict()) for plugin in found]
        return language_pb2.GetRequiredPluginsResponse(plugins=plugins)

    def About(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        interpreter = _interpreter(request.info, context)
        executable, version = describe(interpreter)
        metadata = {"toolchain": interpreter.toolchain, "languageHost": "Tenantry's stand-in"}
        return language_pb2.AboutResponse(executable=executable, version=version, metadata=metadata)

    def GetProgramDependencies(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        found = dependencies(_interpreter(request.info, context))
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
        command, environment = install_command(request.directory, _options(request.info))
        child = self.children.start(command, environment, cwd=request.directory, piped=True)
        for stream, chunk in child.output():
            yield language_pb2.InstallDependenciesResponse(**{stream: chunk})
        if child.wait():
            context.abort(grpc.StatusCode.UNKNOWN, f"{' '.join(command)} failed in {request.directory}")

    def Run(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        interpreter = _interpreter(request.info, context)
        config = {"PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys))}
        if request.config:
            config["PULUMI_CONFIG"] = json.dumps(dict(request.config))
        command = [interpreter.python, self._executor, *self._run_arguments(request)]
        child = self.children.start(command, interpreter.environment | config, cwd=None, piped=False)
        context.add_callback(child.interrupt)
        return _run_response(child.wait())

    def RunPlugin(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:  # noqa: N802
        interpreter = _interpreter(request.info, context)
        environment = interpreter.environment | dict(entry.split("=", 1) for entry in request.env)
        if request.kind == "analyzer":
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


def _options(info: Any) -> dict[str, Any]:
    return dict(json_format.MessageToDict(info.options))


def _interpreter(info: Any, context: grpc.ServicerContext) -> Interpreter:
    try:
        return choose(Path(info.root_directory or "."), Path(info.program_directory or "."), _options(info))
    except NoInterpreter as problem:
        context.abort(grpc.StatusCode.UNKNOWN, str(problem))
        raise
