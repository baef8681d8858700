"""The patches of Pulumi's Python SDK, all of them, in one table. docs/engine.md has it for people.

`apply_patches` puts them on. One that makes Pulumi faster or easier to read can be left out by its name. It is left out
by itself where the SDK's function has other parameters than it was written for.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from tenantry.engine.run.failed_calls import RememberedFailures
from tenantry.engine.run.request import KnownUrns
from tenantry.engine.run.shown import OnlyShown
from tenantry.plugin.answers import DirectAnswers
from tenantry.plugin.early_start import EarlyStart
from tenantry.plugin.echo import EchoedChecks
from tenantry.plugin.economy import (
    Function,
    drop_debug_messages,
    make_named_outputs,
    record_wanted_stack_traces,
    sum_urns,
)
from tenantry.plugin.failures import ShortFailures
from tenantry.plugin.hops import wake_once
from tenantry.plugin.interceptors import KeptHandlers, put_before, widen_pool
from tenantry.plugin.registration import register_directly
from tenantry.plugin.shared_resources import SHARED
from tenantry.plugin.whole_import import WholeImport
from tenantry.text.spelling import closest

UNPATCHED_VARIABLE = "TENANTRY_UNPATCHED"
"""Names the patches to leave out, with commas between them; `all` stands for all that can be left out."""

Process = Literal["plugin", "program", "pack"]

_GRPC_SERVER = ("thread_pool", "handlers", "interceptors", "options", "maximum_concurrent_rpcs", "compression", "xds")

_HANDLE_UNARY = ("rpc_event", "state", "method_handler", "default_thread_pool")

_REGISTER_RESOURCE = (
    *("res", "ty", "name", "custom", "remote", "new_dependency", "props", "opts", "typ", "package_ref"),
)


class PatchNameError(Exception):
    """The variable names something that is no patch, or one that can't be left out."""


@dataclass(frozen=True)
class Patch:
    """A function of the SDK, or one that the SDK calls, and what we put in its place."""

    name: str
    process: Process
    target: str
    """Module and function, with a colon between."""
    parameters: tuple[str, ...]
    """The names of the function's parameters, as the patch expects them."""
    replace: Callable[[Function], Function]
    what: str
    gain: str
    """The measured figure; of a guard, what it guards."""
    delete_when: str
    sdk: str = "3.272"
    """The version of the SDK with which it was last seen to work and to be needed."""
    is_guard: bool = False
    """A guard keeps what people have at Twilio: it is always put on."""

    def find_stock(self) -> Function | None:
        """Return the function as it is now; None where there is none."""
        module, _, name = self.target.partition(":")
        function: Function | None = getattr(import_module(module), name, None)
        return function

    def fits(self) -> bool:
        """Return whether the function is there and has the parameters that are expected."""
        stock = self.find_stock()
        return stock is not None and tuple(inspect.signature(stock).parameters) == self.parameters

    def apply(self) -> None:
        """Put our function in the place of the other one. Raises AttributeError where it is missing."""
        module, _, name = self.target.partition(":")
        setattr(import_module(module), name, self.replace(getattr(import_module(module), name)))


PATCHES: tuple[Patch, ...] = (
    Patch(
        name="handlers",
        process="plugin",
        target="grpc:server",
        parameters=_GRPC_SERVER,
        replace=put_before(KeptHandlers),
        what="Builds the handler of a method at its first call, not at each call.",
        gain="23 µs of each call in the thread that all calls go through, now 1",
        delete_when="gRPC asks interceptors once for each method",
    ),
    Patch(
        name="failed-calls",
        process="plugin",
        target="grpc:server",
        parameters=_GRPC_SERVER,
        replace=put_before(RememberedFailures),
        what="Remembers which tenants' calls have failed.",
        gain="nothing is deleted of a tenant for which something failed in the same run",
        delete_when="Pulumi deletes nothing that a failed resource was to replace",
        is_guard=True,
    ),
    Patch(
        name="echoed-checks",
        process="plugin",
        target="grpc:server",
        parameters=_GRPC_SERVER,
        replace=put_before(EchoedChecks),
        what="Answers a check of unchanged inputs without asking the provider. Providers of others are always asked.",
        gain="half of the plugin's work in an everyday preview",
        delete_when="`pulumi.dynamic` starts no event loop for an answer",
    ),
    Patch(
        name="whole-import",
        process="plugin",
        target="grpc:server",
        parameters=_GRPC_SERVER,
        replace=put_before(WholeImport),
        what="Imports our providers in one thread, before the first call for one of them.",
        gain="no two threads wait for each other's imports, which would end a call",
        delete_when="Python lets two threads import parts of one package at once",
        is_guard=True,
    ),
    Patch(
        name="only-shown",
        process="plugin",
        target="grpc:server",
        parameters=_GRPC_SERVER,
        replace=put_before(OnlyShown),
        what="Refuses a create, an update or a delete that the preview of `tenantry up` did not show.",
        gain="nothing is done that nobody agreed to",
        delete_when="`pulumi up --plan` binds a run to the state that its plan started from",
        is_guard=True,
    ),
    Patch(
        name="known-urns",
        process="plugin",
        target="grpc:server",
        parameters=_GRPC_SERVER,
        replace=put_before(KnownUrns),
        what="Tells providers which resource a call is about.",
        gain="an account that is another entry's is neither taken over nor deleted",
        delete_when="`pulumi.dynamic` gives a provider the URN of each call",
        is_guard=True,
    ),
    Patch(
        name="short-failures",
        process="plugin",
        target="grpc:server",
        parameters=_GRPC_SERVER,
        replace=put_before(ShortFailures),
        what="Shows an error of Tenantry as its sentence. A bug keeps its traceback.",
        gain="one sentence instead of a traceback",
        delete_when="`pulumi.dynamic` shows the message of an exception",
    ),
    Patch(
        name="answers",
        process="plugin",
        target="grpc:server",
        parameters=_GRPC_SERVER,
        replace=put_before(DirectAnswers),
        what="Answers for our providers without an event loop. Providers of others keep it.",
        gain="half of the plugin's own work for a read: 2.0 ms, now 1.1",
        delete_when="`pulumi.dynamic` starts no event loop for an answer",
    ),
    Patch(
        name="early-start",
        process="plugin",
        target="grpc:server",
        parameters=_GRPC_SERVER,
        replace=put_before(EarlyStart),
        what="Answers the call with which the program of a preview lets Pulumi start the plugin before it is needed.",
        gain="a third of a second of each preview",
        delete_when="Pulumi starts the plugins of a project's `plugins:` beside its program",
        is_guard=True,
    ),
    Patch(
        name="threads",
        process="plugin",
        target="grpc:server",
        parameters=_GRPC_SERVER,
        replace=widen_pool,
        what="Answers 128 calls at once in place of 4. Otherwise creates that wait for Twilio hold up all other calls.",
        gain="100 tenants took 24 s, now 7 s",
        delete_when="`pulumi.dynamic` has an option for its number of threads",
    ),
    Patch(
        name="hops",
        process="plugin",
        target="grpc._server:_handle_unary_unary",
        parameters=_HANDLE_UNARY,
        replace=wake_once,
        what="Wakes a thread for a call when its request is there, and none for a check of unchanged inputs.",
        gain="a fifth of the plugin's work in an everyday preview, an eighth in a first `up`",
        delete_when="gRPC's server wakes a thread once for a call",
    ),
    Patch(
        name="debug-messages",
        process="program",
        target="pulumi.log:debug",
        parameters=("msg", "resource", "stream_id", "ephemeral"),
        replace=drop_debug_messages,
        what="Drops the SDK's own debug messages, which are read with `pulumi --debug` alone.",
        gain="more than four blocking calls a resource",
        delete_when="the SDK sends them only when they are asked for",
    ),
    Patch(
        name="urns",
        process="program",
        target="pulumi.runtime.resource:create_urn",
        parameters=("name", "type_", "parent", "project", "stack"),
        replace=sum_urns,
        what="Makes the URN that only unit tests need out of texts, not out of five outputs.",
        gain="a sixth of the program's work",
        delete_when="a registration makes no URN outside of unit tests",
    ),
    Patch(
        name="outputs",
        process="program",
        target="pulumi.runtime.rpc:transfer_properties",
        parameters=("res", "props", "custom"),
        replace=make_named_outputs,
        what="Makes no outputs of the inputs of our resources. Resources of others keep theirs.",
        gain="a sixth of the program's work",
        delete_when="the SDK makes an output when it is first read",
    ),
    Patch(
        name="registrations",
        process="program",
        target="pulumi.resource:register_resource",
        parameters=_REGISTER_RESOURCE,
        replace=register_directly,
        what="Registers our resources in fewer steps, with gRPC's asyncio client. Resources of others are left alone.",
        gain="two fifths of the program's work for an engine that answers at once: 1.8 ms a resource, now 0.9",
        delete_when="the SDK calls the engine without threads, and reads no outputs that nobody asks for",
    ),
    Patch(
        name="stack-traces",
        process="program",
        target="pulumi.runtime.resource:_get_stack_trace",
        parameters=(),
        replace=record_wanted_stack_traces,
        what="Records no stack traces of our resources, which would all name the same line.",
        gain="40 % of a small resource's state, a sixth of the program's work",
        delete_when="the SDK has an option to record none",
    ),
    Patch(
        name="shared-resources",
        process="pack",
        target="grpc:server",
        parameters=_GRPC_SERVER,
        replace=put_before(lambda: SHARED),
        what="Unpacks what the engine sends once for all policies, and only what rules look at.",
        gain="a third of the pack's work for what is registered; an eighth of a preview",
        delete_when="`pulumi_policy` unpacks a resource once, and only where a policy is about its type",
    ),
)
"""In the order in which they are put on: of two interceptors the first one sees a call first."""


def apply_patches(process: Process, environ: Mapping[str, str]) -> None:
    """Put on the patches of this process, once, before it does anything else. Raises PatchNameError."""
    unpatched = list_names_to_leave_out(environ)
    for patch in PATCHES:
        if patch.process == process and (patch.is_guard or (patch.name not in unpatched and patch.fits())):
            patch.apply()


def list_names_to_leave_out(environ: Mapping[str, str]) -> frozenset[str]:
    """Return the names of the patches that the variable leaves out. Raises PatchNameError."""
    optional = [patch.name for patch in PATCHES if not patch.is_guard]
    words = {word.strip() for word in environ.get(UNPATCHED_VARIABLE, "").split(",")} - {""}
    for word in sorted(words - {"all", *optional}):
        raise PatchNameError(f"{UNPATCHED_VARIABLE}: {_write_refusal(word, optional)}")
    return frozenset(optional) if "all" in words else frozenset(words)


def _write_refusal(word: str, optional: Sequence[str]) -> str:
    if any(word == patch.name for patch in PATCHES):
        return f"{word} can't be left out, because runs need it to be safe or to work; take it out of the variable"
    suggestion = closest(word, optional)
    if suggestion is not None:
        return f"there is no patch {word}; did you mean {suggestion}?"
    return f"there is no patch {word}; there are {', '.join(optional)}, and all"
