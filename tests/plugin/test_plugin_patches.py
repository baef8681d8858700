"""The table of patches: each fits the installed SDK, each switch turns its patch off, each is documented."""

import ast
import inspect
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import grpc
import pulumi
import pytest
from grpc import _server
from pulumi.runtime import resource, rpc

from tenantry.engine.run.environment import CHEAPER
from tenantry.plugin.economy import OutputNames
from tenantry.plugin.interceptors import THREADS
from tenantry.plugin.patches import PATCHES, UNPATCHED_VARIABLE, PatchNameError, apply_patches
from tenantry.providers.resource import no_stack_trace

ROOT = Path(__file__).resolve().parents[2]
EVERY_PATCH = pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
OPTIONAL = [patch.name for patch in PATCHES if not patch.is_guard]
GUARDS = [patch.name for patch in PATCHES if patch.is_guard]
INTERCEPTORS = {
    "KeptHandlers": "handlers",
    "RememberedFailures": "failed-calls",
    "EchoedChecks": "echoed-checks",
    "WholeImport": "whole-import",
    "OnlyShown": "only-shown",
    "KnownUrns": "known-urns",
    "ShortFailures": "short-failures",
    "DirectAnswers": "answers",
    "EarlyStart": "early-start",
}
PLUGIN_NAMES = [*INTERCEPTORS.values(), "threads", "hops"]
PROGRAM_NAMES = [patch.name for patch in PATCHES if patch.process == "program"]


class SomeResource(OutputNames):
    """One of ours, as far as a patch looks."""

    tells = ("secret",)


@pytest.fixture
def plugin_effects(monkeypatch):
    """Return which patches reach the server that a plugin starts, in the order in which they see a call."""

    def server(
        thread_pool,
        handlers=None,
        interceptors=None,
        options=None,
        maximum_concurrent_rpcs=None,
        compression=None,
        xds=False,
    ):
        wide = ["threads"] if thread_pool._max_workers == THREADS else []
        return [INTERCEPTORS[type(interceptor).__name__] for interceptor in interceptors or ()] + wide

    def effects(environ):
        stock = _server._handle_unary_unary
        monkeypatch.setattr(grpc, "server", server)
        monkeypatch.setattr(_server, "_handle_unary_unary", stock)
        apply_patches("plugin", environ)
        hops = ["hops"] if _server._handle_unary_unary is not stock else []
        return grpc.server(ThreadPoolExecutor(max_workers=4), options=[]) + hops

    return effects


@pytest.fixture
def program_effects(monkeypatch):
    """Return which patches keep the SDK's functions from being called as they would be."""
    calls = []

    def debug(msg, resource=None, stream_id=None, ephemeral=None):
        calls.append("debug-messages")

    def create_urn(name, type_, parent=None, project=None, stack=None):
        calls.append("urns")

    def transfer_properties(res, props, custom):
        if "input" in props:
            calls.append("outputs")

    def register_resource(res, ty, name, custom, remote, new_dependency, props, opts, typ=None, package_ref=None):
        pass

    def get_stack_trace():
        calls.append("stack-traces")

    def effects(environ):
        monkeypatch.setattr(pulumi.log, "debug", debug)
        monkeypatch.setattr(resource, "create_urn", create_urn)
        monkeypatch.setattr(rpc, "transfer_properties", transfer_properties)
        monkeypatch.setattr(pulumi.resource, "register_resource", register_resource)
        monkeypatch.setattr(resource, "_get_stack_trace", get_stack_trace)
        apply_patches("program", environ)
        pulumi.log.debug("text")
        if "urns" in environ.get(UNPATCHED_VARIABLE, ""):  # the patch makes an output, which wants an event loop
            resource.create_urn("a", "b:c:D", "urn:pulumi:dev::owl::x:y:Z::p")
        elif resource.create_urn is create_urn:
            calls.append("urns")
        rpc.transfer_properties(SomeResource(), {"input": 1}, custom=True)
        if pulumi.resource.register_resource is register_resource:
            calls.append("registrations")
        with no_stack_trace():
            resource._get_stack_trace()
        return [name for name in PROGRAM_NAMES if name not in calls]

    return effects


@EVERY_PATCH
def test_the_sdk_has_what_is_patched(patch):
    stock = patch.find_stock()
    assert stock is not None, f"{patch.target} is gone"
    assert tuple(inspect.signature(stock).parameters) == patch.parameters


@EVERY_PATCH
def test_a_new_sdk_asks_whether_a_patch_is_still_needed(patch):
    """Where this fails: read the SDK's function again, see whether `delete_when` has come, measure, then set `sdk`."""
    assert version("pulumi").rpartition(".")[0] == patch.sdk


def test_the_dynamic_plugin_starts_its_server_as_we_expect():
    calls = [ast.unparse(node) for node in ast.walk(dynamic_plugin()) if isinstance(node, ast.Call)]
    expected = "grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=_GRPC_CHANNEL_OPTIONS)"
    assert [call for call in calls if call.startswith("grpc.server(")] == [expected]


def test_the_dynamic_plugin_aborts_with_a_traceback():
    calls = [ast.unparse(node) for node in ast.walk(dynamic_plugin()) if isinstance(node, ast.Call)]
    assert "context.abort(grpc.StatusCode.UNKNOWN, traceback.format_exc())" in calls


def dynamic_plugin():
    spec = find_spec("pulumi.dynamic")
    return ast.parse(Path(spec.origin).with_name("__main__.py").read_text())


def test_all_patches_of_the_plugin_apply_in_table_order(plugin_effects):
    assert plugin_effects({}) == [patch.name for patch in PATCHES if patch.process == "plugin"]


@pytest.mark.parametrize(("left_out", "interceptors"), [("", 1), ("shared-resources", 0), ("all", 0)])
def test_the_patch_of_the_pack_is_on_unless_left_out(monkeypatch, left_out, interceptors):
    def server(thread_pool, handlers=None, interceptors=None, options=None, maximum_concurrent_rpcs=None,
               compression=None, xds=False):  # fmt: skip
        return len(interceptors or ())

    monkeypatch.setattr(grpc, "server", server)
    apply_patches("pack", {UNPATCHED_VARIABLE: left_out})
    assert grpc.server(None, options=[]) == interceptors


def test_all_patches_of_the_program_are_on(program_effects):
    assert program_effects({}) == PROGRAM_NAMES


def test_the_plugin_has_a_thread_for_each_operation_of_our_commands():
    assert CHEAPER["PULUMI_PARALLEL"] == str(THREADS)


@pytest.mark.parametrize("name", [name for name in PLUGIN_NAMES if name in OPTIONAL])
def test_a_switch_turns_one_patch_of_the_plugin_off(plugin_effects, name):
    assert plugin_effects({UNPATCHED_VARIABLE: name}) == [other for other in PLUGIN_NAMES if other != name]


@pytest.mark.parametrize("name", PROGRAM_NAMES)
def test_a_switch_turns_one_patch_of_the_program_off(program_effects, name):
    assert program_effects({UNPATCHED_VARIABLE: name}) == [other for other in PROGRAM_NAMES if other != name]


def test_several_can_be_left_out(program_effects):
    names = ["debug-messages", "registrations", "stack-traces"]
    assert program_effects({UNPATCHED_VARIABLE: "outputs, urns, threads"}) == names


def test_all_leaves_the_guards(plugin_effects):
    assert plugin_effects({UNPATCHED_VARIABLE: "all"}) == GUARDS


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("known-urns", "known-urns can't be left out, because runs need it to be safe or to work"),
        ("thread", "there is no patch thread; did you mean threads?"),
        ("xyz", f"there is no patch xyz; there are {', '.join(OPTIONAL)}, and all"),
    ],
)
def test_a_word_that_leaves_nothing_out_is_refused(word, sentence):
    with pytest.raises(PatchNameError, match=f"^{UNPATCHED_VARIABLE}: {sentence}"):
        apply_patches("program", {UNPATCHED_VARIABLE: word})


def test_a_plugin_that_is_told_such_a_word_ends_with_the_sentence():
    command = [sys.executable, "-m", "tenantry.plugin.server", "127.0.0.1:0"]
    environ = {**os.environ, UNPATCHED_VARIABLE: "thread"}
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"tenantry: {UNPATCHED_VARIABLE}: there is no patch thread; did you mean threads?\n"


def test_a_function_with_other_parameters_is_left_as_it_is(monkeypatch):
    def debug(message):
        return message

    changed = (resource, "create_urn"), (rpc, "transfer_properties"), (resource, "_get_stack_trace")
    for module, name in (*changed, (pulumi.resource, "register_resource")):
        monkeypatch.setattr(module, name, getattr(module, name))
    monkeypatch.setattr(pulumi.log, "debug", debug)
    apply_patches("program", {})
    assert pulumi.log.debug is debug


def test_a_guard_is_put_on_a_server_with_other_parameters(monkeypatch):
    monkeypatch.setattr(grpc, "server", lambda thread_pool, handlers, interceptors, **more: len(interceptors))
    monkeypatch.setattr(_server, "_handle_unary_unary", lambda other: other)
    apply_patches("plugin", {})
    assert grpc.server(None, brand_new=True) == len(GUARDS)


def test_the_page_about_the_engine_has_the_table():
    lines = (ROOT / "docs" / "engine.md").read_text().splitlines()
    rows = [row(patch) for patch in PATCHES]
    missing = [line for line in rows if line not in lines]
    assert missing == [], "write into docs/engine.md:\n" + "\n".join(rows)
    start = lines.index(rows[0])
    assert lines[start : start + len(rows) + 1] == [*rows, ""]


def row(patch):
    switch = "no" if patch.is_guard else "yes"
    cells = (
        f"`{patch.name}`",
        patch.process,
        f"`{patch.target}`",
        patch.what,
        patch.sdk,
        patch.gain,
        switch,
        patch.delete_when,
    )
    return f"| {' | '.join(cells)} |"
